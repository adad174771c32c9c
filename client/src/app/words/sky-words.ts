/** Words for the parts of the day. */
const PHASES: Readonly<Record<string, string>> = {
  night: $localize`:@@sky.night:Night`,
  dawn: $localize`:@@sky.dawn:Dawn`,
  day: $localize`:@@sky.day:Day`,
  dusk: $localize`:@@sky.dusk:Dusk`,
};

export function phaseName(phase: string): string {
  return PHASES[phase] ?? phase;
}
