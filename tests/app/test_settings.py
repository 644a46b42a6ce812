"""Limits come from one place and are checked."""

import pytest

from app.settings import SettingError, Settings


def test_an_operator_changes_a_limit():
    settings = Settings.from_environment({"PLAINSIGHT_MAX_TOKENS": "256", "HOME": "/root"})
    assert settings.max_tokens == 256
    assert settings.heavy_jobs == Settings().heavy_jobs


@pytest.mark.parametrize("text", ["0", "-3", "many", "", "1.5"])
def test_what_is_no_limit_is_refused_by_name(text):
    with pytest.raises(SettingError, match=f"PLAINSIGHT_HEAVY_JOBS .* not '{text}'"):
        Settings.from_environment({"PLAINSIGHT_HEAVY_JOBS": text})
