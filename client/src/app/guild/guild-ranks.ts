import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';
import { Guild, GuildRank } from '../protocol/generated';
import { GuildStore, Permission, RANKS_MAX } from './guild-store';
import { PERMISSIONS, PERMISSION_NAMES } from './guild-words';

/** A rank as it is written: an old one by its id, or a new one that comes below another. */
interface Draft {
  readonly rank: number | null;
  readonly below: number;
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** The ranks of the guild and what each may do; below the own one they can be changed by who may. */
@Component({
  selector: 'aether-guild-ranks',
  templateUrl: './guild-ranks.html',
  styleUrl: './guild-ranks.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GuildRanks {
  readonly guild = input.required<Guild>();

  protected readonly store = inject(GuildStore);
  protected readonly draft = signal<Draft | null>(null);
  protected readonly permissions = PERMISSIONS;
  protected readonly words = PERMISSION_NAMES;

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  protected said({ permissions }: GuildRank): string {
    return permissions.map((each) => this.words[each]).join(', ');
  }

  /** The leader may rename the own rank as well. */
  protected mayEdit(rank: GuildRank): boolean {
    const isOwn = this.store.isLeader() && rank.id === this.store.ownRank()?.id;
    return this.store.may('ranks') && (isOwn || this.store.isBelow(rank.id));
  }

  protected mayAddBelow(rank: GuildRank): boolean {
    const isOwn = rank.id === this.store.ownRank()?.id;
    const hasRoom = this.guild().ranks.length < RANKS_MAX;
    return this.store.may('ranks') && hasRoom && (isOwn || this.store.isBelow(rank.id));
  }

  protected mayRemove(rank: GuildRank): boolean {
    const isLast = this.guild().ranks.at(-1)?.id === rank.id;
    return this.store.may('ranks') && this.store.isBelow(rank.id) && !isLast;
  }

  /** Up is -1 and down is 1: among those below the own rank, and newcomers get nothing that the player lacks. */
  protected mayMove(rank: GuildRank, by: -1 | 1): boolean {
    const { ranks } = this.guild();
    const at = ranks.indexOf(rank);
    const other = ranks[at + by];
    if (!other || !this.store.may('ranks')) return false;
    const last = ranks.length - 1;
    const becomesLast = at === last ? other : at + by === last ? rank : null;
    return (
      [rank, other].every(({ id }) => this.store.isBelow(id)) &&
      (becomesLast?.permissions ?? []).every((each) => this.store.may(each))
    );
  }

  /** What the rank has already may stay or go; what it does not, only who has it can give. */
  protected mayTick(permission: Permission): boolean {
    const draft = this.draft();
    const rank = this.guild().ranks.find(({ id }) => id === draft?.rank);
    if (rank && !this.store.isBelow(rank.id)) return false;
    return this.store.may(permission) || (rank?.permissions.includes(permission) ?? false);
  }

  protected edit({ id, name, permissions }: GuildRank): void {
    this.draft.set({ rank: id, below: id, name, permissions: new Set(permissions) });
  }

  protected begin({ id }: GuildRank): void {
    this.draft.set({ rank: null, below: id, name: '', permissions: new Set() });
  }

  protected rename(name: string): void {
    this.draft.update((draft) => draft && { ...draft, name });
  }

  protected tick(permission: Permission, isTicked: boolean): void {
    this.draft.update((draft) => {
      if (!draft) return draft;
      const others = [...draft.permissions].filter((each) => each !== permission);
      return { ...draft, permissions: new Set(isTicked ? [...others, permission] : others) };
    });
  }

  protected async keep(event: Event): Promise<void> {
    event.preventDefault();
    const draft = this.draft();
    const name = draft?.name.trim();
    if (!draft || !name) return;
    const permissions = PERMISSIONS.filter((each) => draft.permissions.has(each));
    const { rank, below } = draft;
    const done = await this.ask(
      rank === null
        ? this.socket.send('chat.guild_rank_add', { name, permissions, below })
        : this.socket.send('chat.guild_rank_edit', { rank, name, permissions }),
    );
    if (done) this.draft.set(null);
  }

  protected async move(rank: GuildRank, by: -1 | 1): Promise<void> {
    const { ranks } = this.guild();
    // Just below the one that is two above, or the one that is next.
    const below = ranks[ranks.indexOf(rank) + (by < 0 ? -2 : 1)];
    if (!below) return;
    await this.ask(this.socket.send('chat.guild_rank_move', { rank: rank.id, below: below.id }));
  }

  protected upLabel({ name }: GuildRank): string {
    return $localize`:@@guild.rankUp:Move ${name}:name: up`;
  }

  protected downLabel({ name }: GuildRank): string {
    return $localize`:@@guild.rankDown:Move ${name}:name: down`;
  }

  protected async remove({ id }: GuildRank): Promise<void> {
    await this.ask(this.socket.send('chat.guild_rank_remove', { rank: id }));
  }
}
