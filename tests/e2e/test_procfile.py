"""Each process of the Procfile, started by honcho as a platform would start it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from telegram_playground import Playground
from tests.conftest import ROOT, needs
from tests.e2e.running import BotProcess, environment_for
from tests.ports import free_port

PROCESSES = ("worker", "web")


@asynccontextmanager
async def honcho(process: str, environment: Mapping[str, str], var: Path) -> AsyncIterator[BotProcess]:
    """``honcho start PROCESS``, without any .env of this machine."""
    scripts = str(Path(sys.executable).parent)
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "honcho", "--env", os.devnull, "start", "--no-colour", process),
        cwd=ROOT,
        env={**environment, "PATH": os.pathsep.join([scripts, environment["PATH"]])},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    running = BotProcess(started, var, environment)
    try:
        yield running
    finally:
        await running.stop()


@pytest.mark.parametrize("process", PROCESSES)
async def test_a_process_answers(
    process: str, tmp_path: Path, live_models: Path, few_test_images: Path, photo: bytes
) -> None:
    port = str(free_port())
    async with Playground(port=0) as server:
        settings = {
            "MODELS_DIR": str(live_models),
            "DATA_DIR": str(few_test_images),
            "WEBHOOK_URL": f"http://127.0.0.1:{port}",
            "WEBHOOK_SECRET": "the-webhook-secret",
            "PORT": port,
        }
        async with honcho(process, environment_for(server, tmp_path, **settings), tmp_path) as started:
            chat = server.private(server.person("Ann"))
            answer = await server.answer_to(await server.send_photo(chat, photo))
            assert answer.is_photo, started.text
            assert bool(server.state.webhook.url) == (process == "web")
        assert "Traceback" not in started.text


@pytest.mark.parametrize("process", PROCESSES)
async def test_without_a_token_a_process_ends_with_two(process: str, tmp_path: Path) -> None:
    needs(not (ROOT / ".env").exists(), "run this test without a .env, which may hold a token: mv .env .env.off")
    environment = {**os.environ, "BOT_TOKEN": "", "WEBHOOK_URL": ""}
    async with honcho(process, environment, tmp_path) as started:
        assert await started.wait() == 2, started.text
        assert "BOT_TOKEN" in started.text
