import { ChangeDetectionStrategy, Component, inject, input, output, signal } from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';
import { Guild, GuildInvited, GuildMember } from '../protocol/generated';
import { GuildStore } from './guild-store';

/** Something that is done to a member only when it is pressed a second time. */
interface Doubt {
  readonly what: 'kick' | 'lead';
  readonly name: string;
}

/** Who is in the guild, at which rank, and who is there; with what the player may do about it. */
@Component({
  selector: 'aether-guild-roster',
  templateUrl: './guild-roster.html',
  styleUrl: './guild-roster.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GuildRoster {
  readonly guild = input.required<Guild>();
  readonly whispered = output<string>();

  protected readonly store = inject(GuildStore);
  protected readonly doubt = signal<Doubt | null>(null);

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  protected rankName({ rank }: GuildMember): string {
    return this.guild().ranks.find(({ id }) => id === rank)?.name ?? '';
  }

  protected rankLabel({ name }: GuildMember): string {
    return $localize`:@@guild.rankOf:Rank of ${name}:name:`;
  }

  protected mayRank(member: GuildMember): boolean {
    const isOther = member.name !== this.store.ownName();
    return isOther && this.store.may('promote') && this.store.isBelow(member.rank);
  }

  protected mayKick(member: GuildMember): boolean {
    return this.store.may('kick') && this.store.isBelow(member.rank);
  }

  protected mayCrown({ name }: GuildMember): boolean {
    return this.store.isLeader() && name !== this.store.ownName();
  }

  /** What a member has is listed too, also where the player could not give it. */
  protected ranksFor(member: GuildMember) {
    return this.guild().ranks.filter(
      (rank) => rank.id === member.rank || this.store.givable().includes(rank),
    );
  }

  protected async rank(member: GuildMember, event: Event): Promise<void> {
    const choice = event.target as HTMLSelectElement;
    const rank = Number(choice.value);
    const { name } = member;
    const done = await this.ask(this.socket.send('chat.guild_rank_set', { name, rank }));
    if (!done) choice.value = String(member.rank);
  }

  protected async withdraw({ invitation }: GuildInvited): Promise<void> {
    await this.ask(this.socket.send('chat.guild_withdraw', { invitation }));
  }

  protected isDoubted(what: Doubt['what'], { name }: GuildMember): boolean {
    const doubt = this.doubt();
    return doubt?.what === what && doubt.name === name;
  }

  protected async kick(member: GuildMember): Promise<void> {
    if (!this.isDoubted('kick', member)) return this.doubt.set({ what: 'kick', name: member.name });
    this.doubt.set(null);
    await this.ask(this.socket.send('chat.guild_kick', { name: member.name }));
  }

  protected async crown(member: GuildMember): Promise<void> {
    if (!this.isDoubted('lead', member)) return this.doubt.set({ what: 'lead', name: member.name });
    this.doubt.set(null);
    await this.ask(this.socket.send('chat.guild_hand_over', { name: member.name }));
  }
}
