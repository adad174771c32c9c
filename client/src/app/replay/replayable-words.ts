const REASONS = {
  rules: $localize`:@@replayable.rules:Cannot be fought again: the rules have changed.`,
  content: $localize`:@@replayable.content:Cannot be fought again: its content is gone.`,
} as const;

/** Why the server cannot fight a battle again; nothing, if it can. */
export function notReplayable(reason: keyof typeof REASONS | null | undefined): string {
  return reason ? REASONS[reason] : '';
}
