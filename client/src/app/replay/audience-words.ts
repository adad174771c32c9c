/** Through whose eyes a battle is watched, as people call it. */
import { CombatantView, SeenBattle } from '../protocol/generated';

export function audienceName(
  { audience, start }: SeenBattle,
  nameOf: (combatant: CombatantView) => string,
): string {
  if (audience === 'spectator') return $localize`:@@replay.spectator:A spectator`;
  if (audience === 'omniscient') return $localize`:@@replay.omniscient:Everything`;
  const team = Number(audience.split(':')[1]);
  const members = start.combatants.filter((each) => each.team === team).map(nameOf);
  const names = [...new Set(members)].join(', ');
  return $localize`:@@replay.team:The side of ${names}:names:`;
}
