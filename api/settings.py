"""What an operator may set, by environment variables that start with ``KHOANGSAN_``."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of the service; the defaults run everything on one machine from the working folder."""

    model_config = SettingsConfigDict(env_prefix="KHOANGSAN_", frozen=True)

    database_url: str = "sqlite:///data/khoangsan.db"
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    signing_key_file: Path = Field(
        Path("data/operator.key"), description="Ed25519 key that signs auction checkpoints; made where there is none."
    )
    import_max_mb: int = Field(50, ge=1, description="Largest register file, MB.")
