"""How an object of the course is shown: as HTML in a notebook, as text in a terminal."""


def show(shown: object) -> None:
    """Display an object where there is a notebook; else print it."""
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        print(shown)
        return
    if getattr(get_ipython(), "kernel", None) is None:
        print(shown)
    else:
        display(shown)
