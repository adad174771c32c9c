"""`make cluster CLUSTER_LOCAL=1` as a person uses it: it comes up, survives kills, leaves nothing behind.

With `SHARDS=2` a character goes over from one shard to the other; both whisper and share a guild.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import psutil
import pytest
from aether_sdk import Client, Rest

from aether.operations.cluster.supervising import Supervisor
from aether.operations.running import clean_data, running_game
from aether.settings.environment import PROJECT
from tests.gateway.test_services import duellists, end_a_turn
from tests.ports import free_port, two_free_ports
from tests.processes import Gateway

NO_FEE = "from aether.kernel.models import Shard; Shard.objects.update(transfer_fee=0)"
RICH = """
from apps.accounts.selectors import character_named
from apps.economy.services import grant
grant(character_id=character_named("Oona").id, cause="starter:test", idempotency_key="rich", glim=5000)
"""
PROGRAMS = ("nginx", "redis-server", "rabbitmq-server")
UP_S = 200
BACK_S = 100


class Cluster:
    """One cluster in a process of its own; what it says is kept."""

    def __init__(self, folder: Path, port: int, *, shards: int = 1) -> None:
        self.folder = folder
        none = dict.fromkeys(("DATABASE_URL", "REDIS_URL", "BROKER_URL", "REMOTE_APPS"), "")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "aether.operations.cluster", "--port", str(port), "--shards", str(shards)],
            cwd=PROJECT,
            env=os.environ | none | {"DATA": str(folder), "CLUSTER_LOCAL": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.front = Gateway(port, self.process)
        self.said = ""
        self._told = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._told:
                self.said += line.decode()
                self._told.notify_all()
        with self._told:
            self._told.notify_all()

    def expect(self, words: str, *, within_s: float) -> None:
        """Wait until it has said the words."""
        with self._told:
            self._told.wait_for(
                lambda: words in self.said or self.process.poll() is not None, timeout=within_s
            )
        assert words in self.said, f"it never said {words!r}, but:\n{self.said}"

    def run(self, *command: str, shard: str = "") -> None:
        """Run a command of the operator on a shard, by the settings that the cluster has noted."""
        noted = (self.folder / "cluster" / f"{shard}environment").read_text()
        settings = dict(shlex.split(line)[0].split("=", 1) for line in noted.splitlines())
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=PROJECT, env=os.environ | settings, check=True
        )

    def pid_of(self, name: str) -> int:
        return Supervisor(self.folder).states()[name].pid

    def stop(self) -> int:
        """Press Ctrl-C, twice."""
        for _ in range(2):
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        self._listener.join(5)
        return code


@pytest.fixture
def folder(short_path: Path) -> Iterator[Path]:
    missing = [name for name in PROGRAMS if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")]
    if missing and os.environ.get("AETHER_REQUIRE") == "all":
        pytest.fail(f"the cluster needs {', '.join(missing)}")
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: the whole cluster was NOT tried")
    yield short_path / "data"
    Supervisor(short_path / "data").stop()
    clean_data(short_path / "data")


async def test_a_duel_on_a_cluster_outlives_kills_and_a_clean_stop_leaves_nothing(folder: Path) -> None:
    left_by_a_kill = Cluster(folder, free_port())
    left_by_a_kill.expect("Database: applying migrations", within_s=UP_S)
    left_by_a_kill.process.kill()
    left_by_a_kill.process.wait()
    assert running_game(folder) is None
    assert "left running" in (clean_data(folder) or ""), "data must not be deleted under what is left"

    cluster = Cluster(folder, free_port())
    cluster.expect("Aether is up", within_s=UP_S)
    assert "left running when its start was killed" in cluster.said
    assert running_game(folder) is not None

    async with AsyncExitStack() as stack:
        one, other, battle = await duellists(cluster.front, stack)
        versions = [await end_a_turn(one, other, battle)]
        os.kill(cluster.pid_of("combat-1"), signal.SIGKILL)
        versions += [await end_a_turn(one, other, battle) for _ in range(3)]
        assert versions == list(range(versions[0], versions[0] + 4))
        assert "ok" in await one.call("combat.forfeit", {"battle": battle})
        while (await other.update("combat.current"))["d"]["battle"] is not None:
            continue

    os.kill(cluster.pid_of("gateway-1"), signal.SIGKILL)
    async with httpx.AsyncClient(base_url=cluster.front.http) as browser:
        answers = [(await browser.get("/api/v1/catalogue")).status_code for _ in range(10)]
    assert answers == [200] * 10, "the other gateway was there"
    await asyncio.to_thread(cluster.expect, "gateway-1 was started again", within_s=BACK_S)

    # What others have left as zombies says nothing of its command.
    everybody = psutil.process_iter(["cmdline"])
    session = [one for one in everybody if str(folder) in " ".join(one.info["cmdline"] or ())]
    assert cluster.stop() == 0, cluster.said
    assert "Everything has stopped." in cluster.said
    assert "Traceback" not in cluster.said
    assert not [one for one in session if one.is_running()]
    assert not (folder / "cluster").exists()
    assert not (folder / "postgres" / "postmaster.pid").exists()
    assert (folder / "logs" / "gateway-2.log").exists()


@pytest.mark.chaos
async def test_two_on_two_shards_whisper_and_talk_in_one_guild(folder: Path) -> None:
    near, far = two_free_ports()
    cluster = Cluster(folder, near, shards=2)
    cluster.expect("Aether is up", within_s=2 * UP_S)
    assert f"http://localhost:{near}/ and http://localhost:{far}/" in cluster.said
    await asyncio.to_thread(cluster.run, "shell", "-c", NO_FEE)

    password = "eleven-chains-of-lastmoor"
    async with Rest(f"http://localhost:{near}") as here, Rest(f"http://localhost:{far}") as there:
        await here.sign_up("wanderer", password)
        maren = await here.create_character("Maren", "anchorite")
        oona = await here.create_character("Oona", "anchorite")
        await there.sign_in("wanderer", password)
        assert await there.characters() == []
        await here.move_character(maren["id"], "second")
        async with asyncio.timeout(BACK_S):
            while (await here.transfers())[0]["state"] != "done":
                await asyncio.sleep(0.5)
        assert [each["name"] for each in await here.characters()] == ["Oona"]
        (arrived,) = await there.characters()
        assert arrived["name"] == "Maren"
        async with Client.playing(here, oona["id"]) as hers, Client.playing(there, arrived["id"]) as mine:
            assert (await mine.command("world.enter"))["zone"] == "lastmoor"
            await mine.command("chat.say", channel="whisper", text="I am over", to="Oona")
            heard = await hers.update("chat.whisper")
            assert (heard.body["line"]["name"], heard.body["line"]["text"]) == ("Maren", "I am over")

            await asyncio.to_thread(cluster.run, "shell", "-c", RICH)
            await hers.command("chat.guild_found", name="Both Shores")
            await hers.command("chat.guild_invite", name="Maren")
            asked = (await mine.update("chat.guild_invited")).body["invitation"]
            await mine.command("chat.guild_accept", invitation=asked["invitation"])
            await hers.update("chat.guild_changed")
            await hers.command("chat.say", channel="guild", text="Welcome")
            heard = await mine.update("chat.line")
            assert (heard.body["line"]["name"], heard.body["line"]["text"]) == ("Oona", "Welcome")

    for shard in ("", "second-"):
        await asyncio.to_thread(cluster.run, "audit_transfers", shard=shard)
        await asyncio.to_thread(cluster.run, "audit_ledger", shard=shard)
    assert cluster.stop() == 0, cluster.said
    assert "Everything has stopped." in cluster.said
    assert "Traceback" not in cluster.said
