"""The settings: `PDCA_...` in the environment, then `pdca.toml` in the data folder, then defaults."""

import ipaddress
import os
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import platformdirs
from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from config.database import UnknownDatabase, known

PREFIX = "PDCA_"
FILE = "pdca.toml"
FOR_TESTS = "PDCA_TEST_"
"""Variables that begin so are read by the test suite, not by pdca."""
SECRETS = frozenset({"smtp_password"})
MASK = "********"


class SettingsRefused(Exception):
    """Some settings cannot be used; one line for each, with what to do."""

    def __init__(self, faults: list[str]) -> None:
        """Keep the faults and say them all."""
        super().__init__("\n".join(faults))
        self.faults = faults


class Origin(NamedTuple):
    """A setting as it is used, a secret masked, and where it came from."""

    name: str
    value: str
    source: str


class Settings(BaseSettings):
    """What an installation decides; values given by keyword come before the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    data: Path = Field(default_factory=lambda: platformdirs.user_data_path("pdca"))
    """The data folder: database, pdca.toml, Prefect's home, kept mails."""
    database_url: str = Field(
        default_factory=lambda found: f"sqlite:///{found.get('data', Path()) / 'pdca.db'}", repr=False
    )
    """Where answers and actions are kept: sqlite:///path or postgresql://user@host/name."""
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_start_tls: bool = Field(default_factory=lambda found: not is_loopback(str(found.get("smtp_host"))))
    """Whether mail travels encrypted; only a server on this machine may be spoken to without."""
    smtp_timeout: float = Field(default=30, gt=0)
    """Seconds until a silent mail server counts as gone."""
    sender: str = "pdca@localhost"
    """The address that mails come from, with or without a name: Quality team <quality@example.org>."""
    contact: str = ""
    """Whom a reader of a mail asks: name and extension of the quality team."""
    base_url: str = ""
    """Where the pages are; empty as long as there are none, and mails then name the command or the contact."""
    language: Literal["en", "de"] = "en"
    """The language of what goes to people of whom none is known."""
    prefect_api_url: str | None = None
    """The Prefect server's address, ending in /api; without one, a turn starts a server of its own."""
    keep_eml: Path | None = None
    """A folder where each accepted mail is kept as a file; for the demo only."""

    _given: frozenset[str] = PrivateAttr(default=frozenset())

    def __init__(self, **given: Any) -> None:
        """Read the settings; what is given by keyword wins."""
        super().__init__(**given)
        self._given = frozenset(given)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Keyword, environment, file: in this order, and nothing else."""
        data = init_settings().get("data") or env_settings().get("data") or platformdirs.user_data_path("pdca")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(data) / FILE)

    @field_validator("data", "keep_eml")
    @classmethod
    def _from_home(cls, folder: Path | None) -> Path | None:
        return None if folder is None else folder.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        known(url)
        return url

    @field_validator("sender")
    @classmethod
    def _one_address(cls, sender: str) -> str:
        if "@" not in parseaddr(sender)[1]:
            raise ValueError("this is no mail address; write quality@example.org or Quality <quality@example.org>")
        return sender

    @field_validator("base_url", "prefect_api_url")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("a web address begins with http:// or https://")
        return url.rstrip("/") if url else url

    @model_validator(mode="after")
    def _encrypted_or_here(self) -> Self:
        if not self.smtp_start_tls and not is_loopback(self.smtp_host):
            raise ValueError(
                f"smtp_start_tls is off, but {self.smtp_host} is another machine; mail must travel encrypted there"
            )
        return self


def load(**given: Any) -> Settings:
    """Return the settings in force; what is given by keyword comes before the environment and the file.

    Raises SettingsRefused with every fault: unknown names with what they may mean, values that cannot be, secrets in
    a file that others can read.
    """
    faults = list(_unknown_variables(os.environ))
    try:
        settings = Settings(**given)
    except tomllib.TOMLDecodeError as error:
        raise SettingsRefused([*faults, f"{FILE} in the data folder is not TOML: {error}"]) from error
    except UnicodeDecodeError as error:
        raise SettingsRefused([*faults, f"{FILE} in the data folder is not UTF-8; save it in that encoding"]) from error
    except ValidationError as error:
        wrong = [each for each in error.errors() if each["type"] != "default_factory_not_called"]
        raise SettingsRefused([*faults, *map(_fault, wrong)]) from error
    faults += _open_secrets(settings)
    if faults:
        raise SettingsRefused(faults)
    return settings


def origins(settings: Settings) -> list[Origin]:
    """List every setting with its value, secrets masked, and where it came from."""
    return [Origin(name, _shown(settings, name), _source(settings, name)) for name in Settings.model_fields]


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    for variable in sorted(environment):
        if variable.startswith(PREFIX) and not variable.startswith(FOR_TESTS):
            name = variable.removeprefix(PREFIX).lower()
            if name not in Settings.model_fields:
                yield f"{variable} in the environment is no setting{_meant(name, PREFIX)}"


def _meant(name: str, prefix: str = "") -> str:
    near = get_close_matches(name, Settings.model_fields, n=1, cutoff=0.5)
    if not near:
        return "; take it out"
    return f"; did you mean {prefix + near[0].upper() if prefix else near[0]}?"


def _fault(error: Mapping[str, Any]) -> str:
    place = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"{place} in {FILE} is no setting{_meant(place)}"
    said = error["msg"].removeprefix("Value error, ")
    return f"{place}: {said}" if place else said


def _open_secrets(settings: Settings) -> Iterator[str]:
    file = settings.data / FILE
    if not file.exists():
        return
    written = tomllib.loads(file.read_text(encoding="utf-8"))
    if "data" in written:
        yield f"data in {file} has no effect, since the file lies in the data folder; set {PREFIX}DATA"
    try:
        known(written.get("database_url", str(settings.database_url)))
    except UnknownDatabase as error:
        yield f"database_url in {file}: {error}"
        return
    if not file.stat().st_mode & 0o077:
        return
    for name in written:
        if name in SECRETS or (name == "database_url" and known(written[name]).password):
            yield f"{name} in {file} can be read by others on this machine; run: chmod 600 {file}"


def _source(settings: Settings, name: str) -> str:
    if name in settings._given:  # noqa: SLF001 - told by the class of this module
        return "the command"
    if os.environ.get(PREFIX + name.upper()):
        return f"{PREFIX}{name.upper()} in the environment"
    if name in settings.model_fields_set:
        return str(settings.data / FILE)
    return "default"


def _shown(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if name == "database_url":
        return known(value).render_as_string(hide_password=True)
    if isinstance(value, SecretStr):
        return MASK
    return "" if value is None else str(value)
