import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { DungeonStore } from './dungeon-store';

/** What this room of the dungeon asks for, and how far the party is. */
@Component({
  selector: 'aether-dungeon-panel',
  template: `
    @if (store.inside(); as dungeon) {
      @if (store.run(); as run) {
        <section
          class="panel dungeon"
          data-testid="dungeon-panel"
          [attr.data-room]="run.room"
          aria-live="polite"
        >
          <b>{{ dungeon.name }}</b>
          @if (run.is_done) {
            <span class="done" i18n="@@dungeon.done"
              >Everything is done here. The way out is open.</span
            >
          } @else if (store.room(); as room) {
            <small class="muted" i18n="@@dungeon.room"
              >Room {{ run.room + 1 }} of {{ dungeon.rooms.length }}: {{ room.name }}</small
            >
            <span>◇ {{ room.goal }}</span>
            @if (room.kind === 'battles') {
              <small data-testid="dungeon-beaten" i18n="@@dungeon.beaten"
                >{{ beaten() }} of {{ room.encounters.length }} beaten</small
              >
            }
            @if (room.puzzle; as puzzle) {
              <small data-testid="dungeon-levers" i18n="@@dungeon.levers"
                >{{ run.levers.length }} of {{ puzzle.levers.length }} levers down</small
              >
              @for (clue of run.clues; track clue.inscription) {
                <q>{{ store.clueText(clue) }}</q>
              } @empty {
                <small class="muted" i18n="@@dungeon.noClue">No inscription read yet.</small>
              }
            }
          }
        </section>
      }
    }
  `,
  styles: `
    .dungeon {
      display: grid;
      gap: 4px;
      width: 268px;
      padding: 8px 14px;
      font-size: 13.5px;
      background: var(--panel-soft);
    }
    b {
      color: var(--glow);
      font: 600 15px var(--font-display);
    }
    q {
      padding-left: 8px;
      font-style: italic;
      border-left: 2px solid var(--edge-soft);
      quotes: none;
    }
    .done {
      color: var(--good);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DungeonPanel {
  protected readonly store = inject(DungeonStore);
  protected readonly beaten = computed(() => {
    const beaten = this.store.run()?.beaten ?? [];
    return this.store.room()?.encounters.filter(({ id }) => beaten.includes(id)).length ?? 0;
  });
}
