import { StreamUpdate } from '../connection/frames';
import { ChatLine } from '../protocol/generated';
import { NEWS, Talk, heard, reduceTalk, textOf } from './chat-store';

const SILENCE: Talk = { zone: [], global: [], party: [], guild: [], whisper: [] };

function line(id: number, channel = 'zone'): ChatLine {
  return { id, channel, sender: 1, name: 'Ash', text: `line ${id}`, at: id, to: null, texts: {} };
}

function said(id: number, channel = 'zone'): StreamUpdate {
  return {
    t: 'chat.line',
    s: `chat:${channel}`,
    first: id,
    last: id,
    d: { line: line(id, channel) },
  };
}

describe('reduceTalk', () => {
  it('shows an announcement wherever people read, in their language', () => {
    const announced = said(3, 'system');
    const talk = reduceTalk(SILENCE, announced);
    expect([talk.zone, talk.global, talk.party].map((lines) => lines.length)).toEqual([1, 1, 1]);
    expect(talk.whisper).toHaveLength(0);
    const french = { ...line(3, 'system'), texts: { en: 'Hear!', fr: 'Oyez !' } };
    expect(textOf(french, 'fr-FR')).toBe('Oyez !');
    expect(textOf(french, 'de')).toBe('line 3');
  });

  it('keeps channels apart and each line once, in order', () => {
    const talk = [said(2), said(1), said(2), said(9, 'global')].reduce(reduceTalk, SILENCE);
    expect(talk.zone.map(({ id }) => id)).toEqual([1, 2]);
    expect(talk.global).toHaveLength(1);
  });

  it('a snapshot replaces what was there: another zone has other talk', () => {
    const update: StreamUpdate = {
      t: 'chat.snapshot',
      s: 'chat:zone:x',
      first: 0,
      last: 0,
      d: { channel: 'zone', lines: [line(5)] },
    };
    expect(reduceTalk(reduceTalk(SILENCE, said(1)), update).zone.map(({ id }) => id)).toEqual([5]);
  });
});

describe('heard', () => {
  const news: ChatLine = { ...line(-1, NEWS), name: '', at: 2.5 };

  it('leaves out whom the player has blocked, but not the staff', () => {
    const lines = [line(1), { ...line(2), name: 'Brine' }, { ...line(3, 'system'), name: 'Brine' }];
    expect(heard(lines, [], (name) => name === 'Brine').map(({ id }) => id)).toEqual([1, 3]);
  });

  it('has the news of the world among the lines, by when they came', () => {
    const lines = [line(1), line(2), line(3)];
    expect(heard(lines, [news], () => false).map(({ id }) => id)).toEqual([1, 2, -1, 3]);
  });
});
