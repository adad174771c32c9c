import { Injectable, computed, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { injectAsk } from '../notices/notices';
import {
  Guild,
  GuildChanged,
  GuildInvitation,
  GuildMember,
  GuildRank,
} from '../protocol/generated';

export type Permission = GuildRank['permissions'][number];

/** The guild of the player, what it is asked, and what founding one costs. */
export interface GuildState {
  readonly guild: Guild | null;
  readonly invitations: readonly GuildInvitation[];
  readonly price: number;
}

export const NONE: GuildState = { guild: null, invitations: [], price: 0 };
export const RANKS_MAX = 8;

@Injectable({ providedIn: 'root' })
export class GuildStore {
  readonly state = signal<GuildState>(NONE);
  readonly guild = computed(() => this.state().guild);
  readonly ownName = computed(() => this.socket.hello()?.character?.name ?? '');
  /** Those that are still open: an invitation goes away by itself. */
  readonly invitations = computed(() => this.state().invitations);
  readonly isLeader = computed(() => this.guild()?.leader === this.ownName());
  readonly ownRank = computed(() => {
    const guild = this.guild();
    return guild ? rankOf(guild, this.ownName()) : null;
  });
  readonly ownPosition = computed(() => {
    const rank = this.ownRank();
    return rank ? (this.guild()?.ranks.indexOf(rank) ?? 0) : 0;
  });
  /** By rank, who is there first. */
  readonly members = computed<readonly GuildMember[]>(() => {
    const guild = this.guild();
    if (!guild) return [];
    const place = new Map(guild.ranks.map(({ id }, at) => [id, at]));
    return [...guild.members].sort(
      (a, b) =>
        (place.get(a.rank) ?? 0) - (place.get(b.rank) ?? 0) ||
        Number(a.away_since !== null) - Number(b.away_since !== null) ||
        a.name.localeCompare(b.name),
    );
  });
  readonly online = computed(
    () => this.members().filter(({ away_since }) => away_since === null).length,
  );

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();
  private readonly clock = inject(ServerClock);

  constructor() {
    this.socket.updates.subscribe((update) => this.take(update));
  }

  forget(): void {
    this.state.set(NONE);
  }

  may(permission: Permission): boolean {
    return this.ownRank()?.permissions.includes(permission) ?? false;
  }

  /** Tells if a rank, and who has it, is below the player's own. */
  isBelow(rank: number): boolean {
    return positionOf(this.guild(), rank) > this.ownPosition();
  }

  /** Ranks that the player may give: below the own one, of no permission that it lacks. */
  readonly givable = computed<readonly GuildRank[]>(() =>
    (this.guild()?.ranks ?? []).filter(
      ({ id, permissions }) => this.isBelow(id) && permissions.every((each) => this.may(each)),
    ),
  );

  isMember(name: string): boolean {
    return this.guild()?.members.some((member) => member.name === name) ?? false;
  }

  /** Tells if somebody was asked; the server knows who may be. */
  async invite(name: string): Promise<boolean> {
    return !!(await this.ask(this.socket.send('chat.guild_invite', { name })));
  }

  /** The player has answered. */
  closeInvitation(invitation: number): void {
    this.state.update((state) => withoutInvitation(state, invitation));
  }

  private take(update: StreamUpdate): void {
    this.state.update((state) => reduceGuild(state, update, this.ownName(), this.clock.now()));
  }
}

export function reduceGuild(
  state: GuildState,
  update: StreamUpdate,
  own: string,
  now: number,
): GuildState {
  switch (update.t) {
    case 'me.snapshot': {
      const { guild } = update.d.parts;
      const isSame = guild?.guild !== null && guild?.guild === state.guild?.id;
      return {
        guild: isSame ? state.guild : null,
        invitations: guild?.invitations ?? [],
        price: guild?.price ?? 0,
      };
    }
    case 'guild.snapshot':
    case 'chat.guild':
      return { ...state, guild: ofOwn(update.d.guild, own) };
    case 'chat.guild_changed':
      return { ...state, guild: state.guild && ofOwn(folded(state.guild, update.d), own) };
    case 'chat.guild_current':
      return update.d.guild === null ? { ...state, guild: null } : state;
    case 'chat.guild_invited': {
      const { invitation } = update.d;
      const others = withoutInvitation(state, invitation.invitation);
      const open = others.invitations.filter(({ expires_at }) => expires_at > now);
      return { ...others, invitations: [invitation, ...open] };
    }
    case 'chat.guild_answered':
      return withoutInvitation(state, update.d.invitation);
    default:
      return state;
  }
}

/** The guild after a change: what is not null is so from now on. */
export function folded(guild: Guild, change: GuildChanged): Guild {
  const members = new Map([...guild.members, ...change.members].map((each) => [each.name, each]));
  for (const name of change.gone) members.delete(name);
  return {
    ...guild,
    name: change.name ?? guild.name,
    leader: change.leader ?? guild.leader,
    motd: change.motd ?? guild.motd,
    ranks: change.ranks ?? guild.ranks,
    invited: change.invited ?? guild.invited,
    members: [...members.values()],
  };
}

function rankOf(guild: Guild, name: string): GuildRank | null {
  const member = guild.members.find((each) => each.name === name);
  return guild.ranks.find(({ id }) => id === member?.rank) ?? null;
}

function positionOf(guild: Guild | null, rank: number): number {
  return guild?.ranks.findIndex(({ id }) => id === rank) ?? -1;
}

/** A guild that the player has been sent away from is none of the player's, however late its news come. */
function ofOwn(guild: Guild, own: string): Guild | null {
  return guild.members.some(({ name }) => name === own) ? guild : null;
}

function withoutInvitation(state: GuildState, invitation: number): GuildState {
  const left = state.invitations.filter((each) => each.invitation !== invitation);
  return { ...state, invitations: left };
}
