import { Injectable, computed, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { JoinOffer, Party, PartyInvitation, PartyMember } from '../protocol/generated';

/** With whom the player travels, who asks, and whose battle may be joined. */
export interface PartyState {
  readonly party: Party | null;
  readonly invitations: readonly PartyInvitation[];
  readonly offers: readonly JoinOffer[];
}

export const ALONE: PartyState = { party: null, invitations: [], offers: [] };
export const MEMBERS_MAX = 4;

@Injectable({ providedIn: 'root' })
export class PartyStore {
  readonly state = signal<PartyState>(ALONE);
  readonly party = computed(() => this.state().party);
  /** The character of the player; the hello names it. */
  readonly ownId = computed(() => this.socket.hello()?.character?.id ?? 0);
  readonly isLeader = computed(() => this.party()?.leader === this.ownId());
  readonly others = computed<readonly PartyMember[]>(() =>
    (this.party()?.members ?? []).filter(({ character }) => character !== this.ownId()),
  );
  /** Whoever is in no party may begin one; in a party its leader asks, while there is room. */
  readonly mayInvite = computed(() => {
    const party = this.party();
    return !party || (this.isLeader() && party.members.length < MEMBERS_MAX);
  });
  readonly mayChallenge = computed(() => this.isLeader() && this.others().length > 0);

  private readonly socket = inject(GameSocket);
  private readonly clock = inject(ServerClock);

  constructor() {
    this.socket.updates.subscribe((update) => this.take(update));
  }

  forget(): void {
    this.state.set(ALONE);
  }

  isMember(character: number): boolean {
    return this.party()?.members.some((member) => member.character === character) ?? false;
  }

  /** The player has answered, or does not want to. */
  closeInvitation(invitation: number): void {
    this.state.update((state) => withoutInvitation(state, invitation));
  }

  closeOffer(battle: number): void {
    this.state.update((state) => withoutOffer(state, battle));
  }

  private take(update: StreamUpdate): void {
    this.state.update((state) => reduceParty(state, update, this.ownId()));
    if (update.t === 'chat.party_invited') this.lapse([update.d.invitation], []);
    if (update.t === 'combat.join_offered') this.lapse([], [update.d.offer]);
    if (update.t === 'me.snapshot') this.lapse(this.state().invitations, this.state().offers);
  }

  /** Questions go away by themselves when they are no longer open. */
  private lapse(invitations: readonly PartyInvitation[], offers: readonly JoinOffer[]): void {
    for (const each of invitations) {
      this.after(each.expires_at, () => this.closeInvitation(each.invitation));
    }
    for (const each of offers) this.after(each.expires_at, () => this.closeOffer(each.battle));
  }

  private after(moment: number, close: () => void): void {
    setTimeout(close, Math.max(0, this.clock.toLocalMs(moment) - Date.now()));
  }
}

export function reduceParty(state: PartyState, update: StreamUpdate, own: number): PartyState {
  switch (update.t) {
    case 'me.snapshot': {
      const { party, battle } = update.d.parts;
      return {
        party: party?.party ?? null,
        invitations: party?.invitations ?? [],
        offers: battle?.offers ?? [],
      };
    }
    case 'party.snapshot':
    case 'chat.party':
      return { ...state, party: ofOwn(update.d.party, own) };
    case 'chat.party_current':
      return update.d.party === null ? { ...state, party: null } : state;
    case 'chat.party_invited': {
      const { invitation } = update.d;
      const others = withoutInvitation(state, invitation.invitation);
      return { ...others, invitations: [...others.invitations, invitation] };
    }
    case 'chat.party_answered':
      return withoutInvitation(state, update.d.invitation);
    case 'combat.join_offered': {
      const { offer } = update.d;
      const others = withoutOffer(state, offer.battle);
      return { ...others, offers: [...others.offers, offer] };
    }
    case 'combat.current':
      return update.d.stream === null ? state : { ...state, offers: [] };
    default:
      return state;
  }
}

/** A party that the player has been sent away from is none of the player's, however late its news come. */
function ofOwn(party: Party, own: number): Party | null {
  return party.members.some(({ character }) => character === own) ? party : null;
}

function withoutInvitation(state: PartyState, invitation: number): PartyState {
  const left = state.invitations.filter((each) => each.invitation !== invitation);
  return { ...state, invitations: left };
}

function withoutOffer(state: PartyState, battle: number): PartyState {
  return { ...state, offers: state.offers.filter((each) => each.battle !== battle) };
}
