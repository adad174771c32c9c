/** What a forecast says: a few signs over somebody's head, and a sentence for who does not see them. */
import { ExpectedMark } from '../board/board-types';
import { BattleView } from '../protocol/generated';
import { Between, Forecast, Kind, Outcome } from './forecast';
import { combatantOf } from './combatants';

type Part = readonly [kind: Kind, sign: string, words: (span: string) => string];

const PARTS: readonly Part[] = [
  ['lost', '−', (span) => $localize`:@@forecast.lost:would lose ${span}:amount:`],
  ['absorbed', '◇', (span) => $localize`:@@forecast.absorbed:shields would take ${span}:amount:`],
  ['healed', '+', (span) => $localize`:@@forecast.healed:would regain ${span}:amount:`],
  [
    'shielded',
    '◆',
    (span) => $localize`:@@forecast.shielded:would be shielded for ${span}:amount:`,
  ],
  ['burning', '−', (span) => $localize`:@@forecast.burning:would lose ${span}:amount: each turn`],
  ['mending', '+', (span) => $localize`:@@forecast.mending:would regain ${span}:amount: each turn`],
];
const OVER_TIME: readonly Kind[] = ['burning', 'mending'];
const HARM: readonly Kind[] = ['lost', 'absorbed', 'burning'];

export function expectedMarks(battle: BattleView, forecast: Forecast): ExpectedMark[] {
  return [...new Set([...forecast.normal.keys(), ...(forecast.critical?.keys() ?? [])])].flatMap(
    (who) => {
      const cell = combatantOf(battle, who)?.cell;
      const found = PARTS.flatMap((part) => partOf(part, who, forecast));
      if (!cell || !found.length) return [];
      return [
        {
          cell,
          text: found.map(({ text }) => text).join(' '),
          words: found.map(({ words }) => words).join(', '),
          tone: found[0]!.tone,
        },
      ];
    },
  );
}

function partOf([kind, sign, words]: Part, who: number, { normal, critical }: Forecast) {
  const usual = of(normal, who, kind);
  const best = critical && of(critical, who, kind);
  if (!usual && !best) return [];
  const span = spanOf(usual ?? [0, 0]);
  const most = best && best[1] > (usual?.[1] ?? 0) ? best[1] : null;
  const upTo = most === null ? '' : $localize`:@@forecast.critical:, critical up to ${most}:most:`;
  const each = OVER_TIME.includes(kind) ? '/⟳' : '';
  return [
    {
      text: `${sign}${span}${most === null ? '' : ` (${most}!)`}${each}`,
      words: words(span) + upTo,
      tone: HARM.includes(kind) ? ('harm' as const) : ('help' as const),
    },
  ];
}

function of(outcome: Outcome, who: number, kind: Kind): Between | undefined {
  return outcome.get(who)?.[kind];
}

function spanOf([least, most]: Between): string {
  return least === most ? `${most}` : `${least}–${most}`;
}
