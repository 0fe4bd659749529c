"""The rule that keeps all units to one voice."""

import pytest

from course_utils.grading.release.voice import of_text

REFUSED = {
    "su desvío estándar": "says 'desvío'; the course says desviación",
    "el Bias de la clase": "says 'Bias'; the course says sesgo",
    "el listón que hay que superar": "says 'listón'; the course says vara",
    "si querés, mirá": "says 'querés'; the course says the forms of «tú»",
    "vale 0,75, o eso": "0,75 has a decimal comma; the course writes a point",
    r"vale $0{,}75$.": "0{,}75 has a decimal comma; the course writes a point",
    "## 3 · El modelo": "its heading 3 is not written as '## 3. …'",
    "**Predice**: ¿bajará?": "asks for a prediction without its icon: '**🔮 Predice'",
}
ACCEPTED = (
    "su desviación, `desvio`, es 0.75",
    "el sesgo (*bias*) y `modelo.bias`",
    "el punto $(0,1)$ y los índices 1, 2",
    "10,000,000 no es un decimal",
    "## 3. El modelo",
    "## Resumen",
    "**🔮 Predice.** ¿bajará?",
    "```python\nbias = 0,5\n```",
)


@pytest.mark.parametrize("text", REFUSED)
def test_another_voice_is_named_with_what_to_say_instead(text: str):
    assert REFUSED[text] in list(of_text(text))


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_all_units_write_is_no_fault(text: str):
    assert list(of_text(text)) == []
