"""Where settings come from, and what is refused with what it may mean."""

from pathlib import Path

import pytest

from config import settings
from config.settings import Origin, SettingsRefused


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PDCA_DATA", str(tmp_path))
    return tmp_path


def write(data: Path, toml: str, mode: int = 0o600) -> None:
    file = data / "pdca.toml"
    file.write_text(toml)
    file.chmod(mode)


def test_the_command_comes_before_the_environment_before_the_file_before_defaults(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(data, 'contact = "file"\nlanguage = "de"\nsmtp_port = 26')
    monkeypatch.setenv("PDCA_SMTP_PORT", "27")
    monkeypatch.setenv("PDCA_CONTACT", "environment")

    found = settings.load(contact="command")

    names = {"contact", "smtp_port", "language", "smtp_user"}
    assert [origin for origin in settings.origins(found) if origin.name in names] == [
        Origin("smtp_port", "27", "PDCA_SMTP_PORT in the environment"),
        Origin("smtp_user", "", "default"),
        Origin("contact", "command", "the command"),
        Origin("language", "de", str(data / "pdca.toml")),
    ]


def test_the_database_is_a_file_in_the_data_folder_unless_told_otherwise(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = settings.load().database_url
    monkeypatch.setenv("PDCA_DATABASE_URL", "postgresql://pdca@db/pdca")

    assert (default, settings.load().database_url) == (f"sqlite:///{data}/pdca.db", "postgresql://pdca@db/pdca")


def test_unknown_names_are_refused_with_what_they_may_mean(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(data, 'smtp_pasword = "secret"\nwhatever = 1')
    monkeypatch.setenv("PDCA_SMPT_HOST", "mail")
    monkeypatch.setenv("PDCA_TEST_BROWSER", "/usr/bin/chromium")

    with pytest.raises(SettingsRefused) as refusal:
        settings.load()

    assert refusal.value.faults == [
        "PDCA_SMPT_HOST in the environment is no setting; did you mean PDCA_SMTP_HOST?",
        "smtp_pasword in pdca.toml is no setting; did you mean smtp_password?",
        "whatever in pdca.toml is no setting; take it out",
    ]


def test_all_values_that_cannot_be_are_refused_at_once(data: Path) -> None:
    write(data, 'database_url = "mysql://db/pdca"\nsender = "nobody"\nbase_url = "pdca.example.org"\nsmtp_port = 0')

    with pytest.raises(SettingsRefused) as refusal:
        settings.load()

    assert refusal.value.faults == [
        "database_url: mysql://db/pdca is no database that pdca knows; write sqlite:///path or postgresql://user@host/name",
        "smtp_port: Input should be greater than or equal to 1",
        "sender: this is no mail address; write quality@example.org or Quality <quality@example.org>",
        "base_url: a web address begins with http:// or https://",
    ]


def test_a_file_that_is_not_toml_is_refused(data: Path) -> None:
    write(data, "contact: Anna")

    with pytest.raises(SettingsRefused, match=r"pdca\.toml in the data folder is not TOML: .*line 1, column 8"):
        settings.load()


def test_a_file_in_another_encoding_is_refused(data: Path) -> None:
    (data / "pdca.toml").write_bytes('contact = "Jörg"'.encode("latin-1"))

    with pytest.raises(SettingsRefused) as refusal:
        settings.load()

    assert refusal.value.faults == ["pdca.toml in the data folder is not UTF-8; save it in that encoding"]


def test_a_database_in_the_file_that_cannot_be_is_refused_even_where_the_environment_names_another(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(data, 'database_url = "mysql://db/pdca"', mode=0o640)
    monkeypatch.setenv("PDCA_DATABASE_URL", "sqlite:////tmp/pdca.db")

    with pytest.raises(SettingsRefused) as refusal:
        settings.load()

    known = "write sqlite:///path or postgresql://user@host/name"
    assert refusal.value.faults == [
        f"database_url in {data / 'pdca.toml'}: mysql://db/pdca is no database that pdca knows; {known}"
    ]


def test_a_secret_in_a_file_that_others_can_read_is_refused(data: Path) -> None:
    write(data, 'smtp_password = "hunter2"\ndatabase_url = "postgresql://pdca:hunter2@db/pdca"', mode=0o640)

    with pytest.raises(SettingsRefused) as refusal:
        settings.load()

    file = data / "pdca.toml"
    assert refusal.value.faults == [
        f"smtp_password in {file} can be read by others on this machine; run: chmod 600 {file}",
        f"database_url in {file} can be read by others on this machine; run: chmod 600 {file}",
    ]


def test_secrets_are_shown_nowhere(data: Path) -> None:
    write(data, 'smtp_password = "hunter2"\ndatabase_url = "postgresql://pdca:hunter2@db/pdca"')

    found = settings.load()

    assert "hunter2" not in repr(found) + repr(settings.origins(found))
    assert found.smtp_password is not None
    assert found.smtp_password.get_secret_value() == "hunter2"


def test_a_data_folder_named_inside_the_data_folder_is_refused(data: Path) -> None:
    write(data, 'data = "/elsewhere"')

    with pytest.raises(SettingsRefused, match="has no effect, since the file lies in the data folder; set PDCA_DATA"):
        settings.load()


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_mail_may_go_unencrypted_to_this_machine_only(host: str) -> None:
    here = settings.load(smtp_host=host).smtp_start_tls
    elsewhere = settings.load(smtp_host="mail.example.org").smtp_start_tls

    assert (here, elsewhere) == (False, True)
    with pytest.raises(SettingsRefused, match="mail must travel encrypted"):
        settings.load(smtp_host="mail.example.org", smtp_start_tls=False)
