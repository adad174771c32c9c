"""Commands of the mail."""

from __future__ import annotations

from aether.kernel.dispatch import Caller, handles
from aether.protocol.base import Done
from aether.protocol.exchange import (
    DiscardLetter,
    LetterOpened,
    Mailbox,
    OpenLetter,
    ReadMailbox,
    SendLetter,
    TakeAttachment,
)
from apps.economy import mailbox, services
from apps.economy.handlers.keys import key


@handles(ReadMailbox)
def read_mailbox(caller: Caller, command: ReadMailbox) -> Mailbox:
    return mailbox.mailbox(caller.character_id, before=command.before)


@handles(OpenLetter)
def open_letter(caller: Caller, command: OpenLetter) -> LetterOpened:
    return services.open_letter(character_id=caller.character_id, letter_id=command.letter)


@handles(SendLetter)
def send(caller: Caller, command: SendLetter) -> Done:
    services.send_letter(
        services.Sending(
            character_id=caller.character_id,
            to=command.to,
            subject=command.subject,
            body=command.body,
            goods=command.goods,
            cod=command.cod,
            idempotency_key=key("mail_send", caller),
        )
    )
    return Done()


@handles(TakeAttachment)
def take(caller: Caller, command: TakeAttachment) -> LetterOpened:
    return services.take_attachments(
        services.Taking(
            character_id=caller.character_id,
            letter_id=command.letter,
            cod=command.cod,
            asset=command.asset,
            idempotency_key=key("mail_take", caller),
        )
    )


@handles(DiscardLetter)
def discard(caller: Caller, command: DiscardLetter) -> Done:
    services.discard_letter(character_id=caller.character_id, letter_id=command.letter)
    return Done()
