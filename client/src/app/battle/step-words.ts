/** What a walk costs, and how much of that whoever stands beside the way takes. */
import { ExpectedMark } from '../board/board-types';
import { Step } from './reach';

export function stepMark({ cell, cost, toll }: Step): ExpectedMark {
  const points = $localize`:@@step.cost:${cost}:points: MP`;
  const words = $localize`:@@step.costWords:costs ${cost}:points: movement points`;
  if (!toll) return { cell, text: points, words, tone: 'cost' };
  return {
    cell,
    text: `${points} (${$localize`:@@step.grip:grip ${toll}:toll:`})`,
    words: `${words}, ${$localize`:@@step.gripWords:${toll}:toll: of them for breaking free`}`,
    tone: 'cost',
  };
}
