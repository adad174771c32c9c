"""Letters that content sends: written once for each occasion, what they bring made for them."""

from __future__ import annotations

from aether.kernel import content, facts
from aether.kernel.content.pack import LocalText
from aether.kernel.effects import Letter as LetterDef
from aether.kernel.effects import amounts_of
from aether.kernel.facts.types import ItemGained
from aether.kernel.transactions import transactional
from apps.economy.buckets import faucet
from apps.economy.definitions import CURRENCY, ItemDef
from apps.economy.models import ItemInstance, Letter
from apps.economy.services.ledger import Move, Posting, lock_holder, post
from apps.economy.services.letters import Draft, Source, bucket_of, write_letter
from apps.economy.services.minting import make_instances, save_instances
from apps.economy.services.throwing import thrown


@transactional
def send_story_letter(*, character_id: int, letter: LetterDef, source: str, idempotency_key: str) -> None:
    """Send a character a letter of the content, once per idempotency key.

    `source` is `<kind>:<reference>` of what sends it: what is attached comes out of the faucet of its kind.
    """
    lock_holder(character_id)
    sent = Letter.objects.filter(recipient_id=character_id, source=Source.STORY, cause=idempotency_key)
    if sent.exists():
        return
    contents, made = _contents(character_id, letter, source, idempotency_key)
    draft = Draft(
        recipient_id=character_id,
        source=Source.STORY,
        cause=idempotency_key,
        words={"subject": _words(letter.subject), "text": _words(letter.text)},
        contents=contents,
    )
    row = write_letter(draft)
    if contents:
        _attach(row, source, made)


def _contents(
    character_id: int, letter: LetterDef, source: str, idempotency_key: str
) -> tuple[dict[str, int], list[ItemInstance]]:
    """Return what a letter brings, by asset, and the unique items among it, which are not saved yet."""
    definitions, amounts = content.current().all(ItemDef), amounts_of(letter.items)
    unique = [
        definitions[item]
        for item, n in sorted(amounts.items())
        if definitions[item].is_unique
        for _ in range(n)
    ]
    with thrown(character_id, cause=source, entry_key=idempotency_key) as dice:
        made = make_instances(character_id, unique, dice)
    contents = {item: n for item, n in amounts.items() if not definitions[item].is_unique}
    contents |= {instance.asset: 1 for instance in made}
    if letter.glim:
        contents[CURRENCY] = letter.glim
    return contents, made


def _attach(row: Letter, source: str, made: list[ItemInstance]) -> None:
    attached = dict(row.attachments.values_list("asset", "amount"))
    kind = source.partition(":")[0]
    moves = tuple(
        Move(asset=asset, amount=amount, source=faucet(kind), target=bucket_of(row))
        for asset, amount in sorted(attached.items())
    )
    posting = Posting(
        kind="grant",
        idempotency_key=row.cause,
        cause=source,
        moves=moves,
        actor_id=row.recipient_id,
    )
    entry = post(posting)
    save_instances((instance, entry.entry_id) for instance in made)
    names = {instance.asset: instance.definition for instance in made}
    gained = {names.get(asset, asset): amount for asset, amount in attached.items() if asset != CURRENCY}
    facts.publish_all(
        ItemGained(character=row.recipient_id, item=item, count=count, source=kind)
        for item, count in sorted(gained.items())
    )


def _words(text: LocalText) -> dict[str, str]:
    return {"en": text.en, "fr": text.fr}
