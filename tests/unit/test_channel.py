"""Texts over a socket between the coordinator and the agent in a kernel."""

import socket
import threading
from collections.abc import Iterator

import pytest

from course_utils.grading.examiner.channel import MAX_BYTES, SLICE, Line


class TimeIsUp(Exception):
    """What a look ends a wait with."""


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def never() -> None:
    raise TimeIsUp


@pytest.mark.parametrize("text", ["", "¿Cuánto es 2 + 2?", "x" * 3_000_000])
def test_a_text_arrives_whole(ends, text):
    ours, theirs = Line(ends[0], lambda: None), Line(ends[1])
    answering = threading.Thread(target=lambda: theirs.send(theirs.receive() + "!"), daemon=True)
    answering.start()
    ours.send(text)
    assert ours.receive() == text + "!"


def test_texts_that_come_together_are_told_apart(ends):
    ours, theirs = Line(ends[0]), Line(ends[1])
    for text in ("uno", "dos", ""):
        theirs.send(text)
    assert [ours.receive() for _ in range(3)] == ["uno", "dos", ""]


def test_a_text_that_no_file_can_hold_does_not_stop_it(ends):
    Line(ends[0]).send("\ud800")
    assert Line(ends[1]).receive() == "?"


def test_who_hangs_up_is_noticed(ends):
    ends[1].sendall(b"\0\0\0")
    ends[1].close()
    with pytest.raises(EOFError, match="hung up"):
        Line(ends[0], lambda: None).receive()


def test_a_text_beyond_the_bound_is_not_waited_for(ends):
    ends[1].sendall((MAX_BYTES + 1).to_bytes(8, "big"))
    with pytest.raises(EOFError, match="without end"):
        Line(ends[0], lambda: None).receive()


def test_silence_ends_with_a_look(ends):
    with pytest.raises(TimeIsUp):
        Line(ends[0], never).receive()


def test_what_trickles_is_looked_at_too(ends):
    stop = threading.Event()

    def trickle() -> None:
        ends[1].sendall((1000).to_bytes(8, "big"))
        while not stop.wait(SLICE / 10):
            ends[1].sendall(b"x")

    trickling = threading.Thread(target=trickle, daemon=True)
    trickling.start()
    with pytest.raises(TimeIsUp):
        Line(ends[0], never).receive()
    stop.set()
    trickling.join()


def test_who_does_not_read_is_not_waited_for(ends):
    with pytest.raises(TimeIsUp):
        Line(ends[0], never).send("x" * 30_000_000)


def test_a_wait_that_was_broken_off_goes_on_where_it_was(ends):
    ours = Line(ends[0], never)
    ends[1].sendall((4).to_bytes(8, "big") + b"do")
    with pytest.raises(TimeIsUp):
        ours.receive()
    ends[1].sendall(b"ce")
    assert ours.receive() == "doce"
