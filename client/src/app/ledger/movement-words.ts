import { Movement, MovementChange } from '../protocol/generated';

export type Topic = Movement['topic'];

/** What the ledger can be asked about, in the order in which it is offered. */
export const TOPICS: readonly { readonly id: Topic; readonly name: string }[] = [
  { id: 'found', name: $localize`:@@ledger.topicFound:Found and given` },
  { id: 'shop', name: $localize`:@@ledger.topicShop:Shops` },
  { id: 'trade', name: $localize`:@@ledger.topicTrade:Trades` },
  { id: 'mail', name: $localize`:@@ledger.topicMail:Letters` },
  { id: 'market', name: $localize`:@@ledger.topicMarket:Market` },
  { id: 'auctions', name: $localize`:@@ledger.topicAuctions:Auctions` },
  { id: 'making', name: $localize`:@@ledger.topicMaking:Crafting and use` },
  { id: 'bank', name: $localize`:@@ledger.topicBank:Bank` },
  { id: 'house', name: $localize`:@@ledger.topicHouse:Fees, journeys, game masters` },
  { id: 'other', name: $localize`:@@ledger.topicOther:Everything else` },
];

const FOUND: Readonly<Record<string, string>> = {
  battle: $localize`:@@ledger.battle:Loot of a battle`,
  quest: $localize`:@@ledger.quest:For a quest`,
  chest: $localize`:@@ledger.chest:Out of a chest`,
  gather: $localize`:@@ledger.gather:Gathered`,
  starter: $localize`:@@ledger.starter:To begin with`,
};
const FOUND_SOMEHOW = $localize`:@@ledger.found:Found`;
const HANDED_OVER: Readonly<Record<string, string>> = {
  quest: $localize`:@@ledger.takeQuest:Handed over for a quest`,
  travel: $localize`:@@ledger.fare:The fare of a journey`,
};
const BY_STAFF = $localize`:@@ledger.staff:Put right by game masters`;

const HAPPENED: Readonly<Record<string, string>> = {
  buy: $localize`:@@ledger.buy:Bought in a shop`,
  sell: $localize`:@@ledger.sell:Sold to a shop`,
  repair: $localize`:@@ledger.repair:For a repair`,
  trade: $localize`:@@ledger.trade:A trade`,
  mail_send: $localize`:@@ledger.mailSend:Sent by letter`,
  mail_take: $localize`:@@ledger.mailTake:Out of a letter`,
  order_place: $localize`:@@ledger.orderPlace:Set aside for an order`,
  order_close: $localize`:@@ledger.orderClose:An order is over: back again`,
  market: $localize`:@@ledger.market:Exchanged on the market`,
  auction_open: $localize`:@@ledger.auctionOpen:Put up for auction`,
  auction_bid: $localize`:@@ledger.auctionBid:Bid in an auction`,
  auction_end: $localize`:@@ledger.auctionEnd:An auction is over`,
  craft: $localize`:@@ledger.craft:Made`,
  hold: $localize`:@@ledger.hold:Set aside for crafting`,
  hold_void: $localize`:@@ledger.holdBack:Set aside no longer`,
  hold_expire: $localize`:@@ledger.holdBack:Set aside no longer`,
  use: $localize`:@@ledger.use:Used`,
  discard: $localize`:@@ledger.discard:Thrown away`,
  bank_deposit: $localize`:@@ledger.deposit:Put into the bank`,
  bank_withdraw: $localize`:@@ledger.withdraw:Taken out of the bank`,
  toll: $localize`:@@ledger.toll:Lost in a defeat`,
  guild: $localize`:@@ledger.guild:A guild was founded`,
  transfer: $localize`:@@ledger.transfer:Moved between shards`,
  gm_grant: $localize`:@@ledger.compensation:Given by game masters`,
  compensation: $localize`:@@ledger.compensation:Given by game masters`,
  take: $localize`:@@ledger.take:Handed over`,
  debt: $localize`:@@ledger.debt:Paid off what was owed`,
  waiver: $localize`:@@ledger.waiver:No longer owed`,
};

/** What has happened, in words. */
export function movementWords({ kind, source, partner, changes }: Movement): string {
  if (source === 'rollback') return BY_STAFF;
  if (partner !== null) return withPartner(kind, partner);
  if (source === 'battle' && kind === 'hold') {
    return $localize`:@@ledger.battleBag:Taken into a battle`;
  }
  if (source === 'battle' && (kind === 'use' || kind.startsWith('hold_'))) {
    return $localize`:@@ledger.battleBack:Back from a battle`;
  }
  if (kind === 'auction_bid' && changes.every(isGain)) {
    return $localize`:@@ledger.outbid:Outbid: your bid came back`;
  }
  if (kind === 'grant') return FOUND[source] ?? FOUND_SOMEHOW;
  if (kind === 'take' && source in HANDED_OVER) return HANDED_OVER[source]!;
  return HAPPENED[kind] ?? $localize`:@@ledger.unknown:Something else`;
}

/** How an item came to one of its holders. */
export function arrivalWords({ kind, source }: Pick<Movement, 'kind' | 'source'>): string {
  if (source === 'rollback') return BY_STAFF;
  switch (kind) {
    case 'grant':
      return FOUND[source] ?? FOUND_SOMEHOW;
    case 'trade':
      return $localize`:@@ledger.byTrade:By a trade`;
    case 'mail_send':
    case 'mail_take':
      return $localize`:@@ledger.byLetter:By letter`;
    case 'mail_return':
      return $localize`:@@ledger.byReturn:By a letter that came back`;
    case 'auction_end':
      return $localize`:@@ledger.byAuction:By an auction`;
    default:
      return HAPPENED[kind] ?? FOUND_SOMEHOW;
  }
}

export function isGain({ amount }: MovementChange): boolean {
  return amount > 0;
}

function withPartner(kind: string, partner: string): string {
  switch (kind) {
    case 'trade':
      return $localize`:@@ledger.tradeWith:A trade with ${partner}:name:`;
    case 'mail_send':
      return $localize`:@@ledger.sentTo:Sent to ${partner}:name:`;
    default:
      return $localize`:@@ledger.mailOf:By letter, with ${partner}:name:`;
  }
}
