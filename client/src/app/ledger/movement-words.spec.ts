import { Movement } from '../protocol/generated';
import { arrivalWords, movementWords } from './movement-words';

function movement(part: Partial<Movement>): Movement {
  const whole = { id: 1, at: 0, topic: 'other', kind: 'grant', source: '', partner: null } as const;
  return { ...whole, changes: [{ item: 'glim', amount: 5, instance: null }], ...part };
}

describe('the words of a movement', () => {
  it('say where something was found', () => {
    expect(movementWords(movement({ source: 'battle' }))).toBe('Loot of a battle');
    expect(movementWords(movement({ source: 'lever' }))).toBe('Found');
  });

  it('name with whom one traded or wrote', () => {
    expect(movementWords(movement({ kind: 'trade', partner: 'Bob' }))).toBe('A trade with Bob');
    expect(movementWords(movement({ kind: 'mail_send', partner: 'Bob' }))).toBe('Sent to Bob');
  });

  it('tell a bid from one that came back', () => {
    expect(movementWords(movement({ kind: 'auction_bid' }))).toContain('came back');
    const changes = [{ item: 'glim', amount: -5, instance: null }];
    expect(movementWords(movement({ kind: 'auction_bid', changes }))).toBe('Bid in an auction');
  });

  it('tell what went into a battle from what was set aside', () => {
    expect(movementWords(movement({ kind: 'hold', source: 'battle' }))).toBe('Taken into a battle');
    expect(movementWords(movement({ kind: 'hold', source: 'craft' }))).toContain('crafting');
  });

  it('call what game masters did by its name, whatever its kind', () => {
    expect(movementWords(movement({ kind: 'debit', source: 'rollback' }))).toContain(
      'game masters',
    );
    expect(arrivalWords({ kind: 'return', source: 'rollback' })).toContain('game masters');
  });

  it('tell what game masters give from what is found', () => {
    expect(movementWords(movement({ kind: 'gm_grant', source: 'gm' }))).toContain('game masters');
    expect(arrivalWords({ kind: 'gm_grant', source: 'gm' })).toContain('game masters');
  });

  it('tell what one hands over or throws away from what others take', () => {
    expect(movementWords(movement({ kind: 'take', source: 'quest' }))).toContain('quest');
    expect(movementWords(movement({ kind: 'take', source: 'travel' }))).toContain('journey');
    expect(movementWords(movement({ kind: 'take', source: 'talk' }))).toBe('Handed over');
    expect(movementWords(movement({ kind: 'discard', source: 'discard' }))).toBe('Thrown away');
  });

  it('say something of what they do not know', () => {
    expect(movementWords(movement({ kind: 'alchemy' }))).toBe('Something else');
    expect(arrivalWords({ kind: 'alchemy', source: '' })).toBe('Found');
  });
});
