import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { ReplayPlayer, SPEEDS, Speed } from './replay-player';

/** Play, pause, step, jump: by buttons, by a slider, and by keys. */
@Component({
  selector: 'aether-replay-controls',
  templateUrl: './replay-controls.html',
  styleUrl: './replay-controls.css',
  host: { '(document:keydown)': 'followKey($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ReplayControls {
  protected readonly player = inject(ReplayPlayer);
  protected readonly speeds = SPEEDS;
  protected readonly where = computed(() => {
    const turn = this.player.turn()?.turn ?? 0;
    const step = this.player.position();
    return $localize`:@@replay.where:Turn ${turn}:turn:, step ${step}:step: of ${this.player.last()}:last:`;
  });

  protected setSpeed({ target }: Event): void {
    this.player.setSpeed(Number((target as HTMLSelectElement).value) as Speed);
  }

  protected slide({ target }: Event): void {
    this.player.jump(Number((target as HTMLInputElement).value));
  }

  protected goToTurn({ target }: Event): void {
    this.player.jumpToTurn(Number((target as HTMLSelectElement).value));
  }

  /** Keys that belong to a field or a button stay theirs. */
  protected followKey(event: KeyboardEvent): void {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLElement && target.closest('input, select, a, [role=grid]')) return;
    if (key === ' ' && target instanceof HTMLElement && target.closest('button')) return;
    const act = this.keys[key];
    if (!act) return;
    act();
    event.preventDefault();
  }

  private readonly keys: Readonly<Record<string, () => void>> = {
    ' ': () => this.player.toggle(),
    ArrowRight: () => this.player.stepForward(),
    ArrowLeft: () => this.player.stepBack(),
    PageDown: () => this.player.nextTurn(),
    PageUp: () => this.player.previousTurn(),
    Home: () => this.player.jump(0),
    End: () => this.player.jump(this.player.last()),
  };
}
