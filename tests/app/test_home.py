"""Home: the gallery from the one list, and quick."""

import subprocess
import sys

from streamlit.testing.v1 import AppTest

from app.catalogue import HOME, PAGES, ROOT, SECTIONS

APP = str(ROOT / "streamlit_app.py")
FRESH = f"""
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({APP!r}).run(timeout=30)
assert not app.exception and app.title[0].value == "Plainsight"
print([name for name in ("torch", "transformers", "pandas", "sklearn") if name in sys.modules])
"""


def test_home_imports_no_torch():
    done = subprocess.run([sys.executable, "-c", FRESH], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "torch" not in done.stdout
    assert "transformers" not in done.stdout


def test_home_shows_each_page_once():
    app = AppTest.from_file(APP).run(timeout=30)
    assert not app.exception
    assert not app.error
    assert [link.label for link in app.get("page_link")] == [
        f"**{place}. {page.title}**" for place, page in enumerate(PAGES[1:], 1)
    ]
    shown = {text.value for text in app.markdown}
    assert {page.question for page in PAGES} <= shown


def test_the_list_of_pages_is_sound():
    assert PAGES[0] is HOME
    for page in PAGES:
        assert (ROOT / page.file).is_file()
        assert page.section in ("", *SECTIONS)
        assert page.question.endswith(("?", "."))
    assert len({page.url_path for page in PAGES}) == len({page.prefix for page in PAGES}) == len(PAGES)
