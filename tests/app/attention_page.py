"""The page Attention heads under AppTest: opening it, and what the browser is told to draw."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from app.catalogue import ATTENTION_HEADS, ROOT

APP = str(ROOT / "streamlit_app.py")
PRONOUN = "The animal didn't cross the street because it was too tired."


def opened(**address: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    app = AppTest.from_file(APP, default_timeout=120).run()
    app.switch_page(ATTENTION_HEADS.file)
    for name, value in address.items():
        app.query_params[f"attn_{name}"] = value
    app.run()
    assert alive(app)
    return app


def alive(app: AppTest) -> bool:
    """Title, controls and presets are there, and nothing failed."""
    assert not app.exception
    assert not app.error
    assert app.title[0].value == ATTENTION_HEADS.title
    assert {box.label for box in app.selectbox} == {"Model", "Runs on"}
    assert "Text" in {field.label for field in app.text_input}
    return app.button(key="preset_0").label == "A pronoun"


def typed(app: AppTest, text: str, key: str = "attn_text") -> AppTest:
    app.text_input(key=key).set_value(text).run()
    assert alive(app)
    assert app.text_input(key=key).value == text
    return app


def header(app: AppTest) -> dict[str, Any]:
    """What the browser is told to draw."""
    message = app.get_by_key("attn_picture").proto.bytes
    return json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])


def view(app: AppTest) -> dict[str, Any]:
    return header(app)["view"]


def tokens(app: AppTest) -> list[str]:
    return [token["text"] for token in header(app)["tokens"]]


def drawn(app: AppTest) -> bool:
    return len(app.get("bidi_component")) == 2  # the toolbar and the picture


def notes(app: AppTest) -> list[str]:
    """The quiet notes about the address."""
    return [caption.value for caption in app.caption if caption.value.startswith("The link asked for")]
