"""Limits come from one place and are checked."""

from pathlib import Path

import pytest

from app.settings import PROFILES, SettingError, Settings


def test_an_operator_changes_a_limit():
    settings = Settings.from_environment({"PLAINSIGHT_MAX_TOKENS": "256", "HOME": "/root"})
    assert settings.max_tokens == 256
    assert settings.heavy_jobs == Settings().heavy_jobs


@pytest.mark.parametrize("text", ["0", "-3", "many", "", "1.5"])
def test_what_is_no_limit_is_refused_by_name(text):
    with pytest.raises(SettingError, match=f"PLAINSIGHT_HEAVY_JOBS .* not '{text}'"):
        Settings.from_environment({"PLAINSIGHT_HEAVY_JOBS": text})


def test_a_profile_changes_many_and_one_named_beside_it_wins():
    settings = Settings.from_environment({"PLAINSIGHT_PROFILE": "cloud", "PLAINSIGHT_MAX_POINTS": "7000"})
    assert settings == Settings(**{**PROFILES["cloud"], "max_points": 7000})
    with pytest.raises(SettingError, match="one of own, cloud, not 'clod'"):
        Settings.from_environment({"PLAINSIGHT_PROFILE": "clod"})


def test_the_cloud_is_guessed_by_its_folder_and_may_be_denied():
    there = Path("/mount/src/plainsight")
    assert Settings.from_environment({}, there) == Settings(**PROFILES["cloud"])
    assert Settings.from_environment({"PLAINSIGHT_PROFILE": "own"}, there) == Settings()
    assert Settings.from_environment({}, Path("/home/mount/src")) == Settings()


@pytest.mark.parametrize("name", PROFILES["cloud"])
def test_the_cloud_never_allows_more(name):
    assert PROFILES["cloud"][name] < getattr(Settings(), name)
