import { StreamUpdate } from '../connection/frames';
import { TradeSeen } from '../protocol/generated';
import { reduceTrade } from './trade-store';

const SIDE = {
  goods: { glim: 0, stacks: [], items: [] },
  is_locked: false,
  is_confirmed: false,
  worth: 0,
};
const TRADE: TradeSeen = {
  id: 7,
  rev: 2,
  state: 'open',
  partner: 5,
  partner_name: 'Bob',
  is_inviter: true,
  mine: SIDE,
  theirs: SIDE,
  changes: [],
  confirm_from: null,
  expires_at: 0,
};

function changed(trade: Partial<TradeSeen>): StreamUpdate {
  const d = { trade: { ...TRADE, ...trade } };
  return { t: 'economy.trade_changed', s: 'me', first: 1, last: 1, d };
}

describe('reduceTrade', () => {
  it('takes the newest revision', () => {
    expect(reduceTrade(TRADE, changed({ rev: 3 }))?.rev).toBe(3);
    expect(reduceTrade(TRADE, changed({ rev: 1 }))?.rev).toBe(2);
  });

  it('forgets a trade that is over', () => {
    expect(reduceTrade(TRADE, changed({ state: 'committed' }))).toBeNull();
    expect(reduceTrade(TRADE, changed({ id: 8, state: 'cancelled' }))).toBe(TRADE);
  });

  it('lets no invitation cover a trade that goes on', () => {
    expect(reduceTrade(TRADE, changed({ id: 9, state: 'invited' }))).toBe(TRADE);
    expect(reduceTrade(null, changed({ id: 9, state: 'invited' }))?.id).toBe(9);
  });
});
