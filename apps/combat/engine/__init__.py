"""The battle engine: a pure library that decides (`resolve`), folds (`apply`) and shows (`view`).

What a service needs:

    open_battle(setup, rulebook, server_seed) -> Battle         a new battle, in placement
    reopen(header) -> Battle                                    the same, from a stored header
    step(battle, actor, input, rulebook, dice) -> Step          .battle and .events; may raise Refusal
    resolve(battle, actor, input, rulebook, dice) -> events     the same without the new battle
    apply(battle, event) -> Battle ; fold(battle, events)       never fails
    next_automatic_input(battle, rulebook, dice) -> (actor, input) | None
                                                                loop on it after every step; log it as input
    view(battle, audience) -> BattleView                        audience: "team:0", "spectator", "omniscient"
    view_events(events, audience) -> list[Event]                what the audience sees; its length counts
    audiences(battle) ; audience_of(battle, character_id)
    replay(header, inputs, rulebook, server_seed) -> Replayed   .battle, .events, .hashes
    reveal(battle, events, server_seed) -> Reveal               after the end only
    spoils(battle, rulebook) -> tuple[Spoil, ...]               what the fallen monsters are worth
    build_character(...), build_monster(...) -> Build

`actor` is a combatant's id (`battle.of_character(character_id).id`) or SYSTEM. `dice = Dice(server_seed)`,
one per battle, is the secret half and never part of the state. A `Refusal` carries its complete code.
"""
