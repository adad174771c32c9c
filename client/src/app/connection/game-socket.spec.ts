import { TestBed } from '@angular/core/testing';
import { StreamUpdate } from './frames';
import { GameSocket } from './game-socket';
import { OPEN_WIRE, Wire } from './socket-opener';
import { Tickets } from './tickets';
import { ConnectionLostError } from './unanswered';

interface Sent {
  readonly t: string;
  readonly id: string;
  readonly d: Record<string, unknown>;
}

/** The server's end of a socket. */
class FarEnd implements Wire {
  onopen: Wire['onopen'] = null;
  onmessage: Wire['onmessage'] = null;
  onclose: Wire['onclose'] = null;
  readonly sent: Sent[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Sent);
  }

  close(): void {}

  tell(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  last(type: string): Sent {
    const found = this.sent.filter(({ t }) => t === type).at(-1);
    if (!found) throw new Error(`no ${type} was sent`);
    return found;
  }

  count(type: string): number {
    return this.sent.filter(({ t }) => t === type).length;
  }
}

describe('GameSocket', () => {
  let ends: FarEnd[];
  let tickets: number;
  let socket: GameSocket;

  beforeEach(() => {
    vi.useFakeTimers();
    ends = [];
    tickets = 0;
    const open = () => {
      const end = new FarEnd();
      ends.push(end);
      return end;
    };
    const draw = async () => ({ ticket: `ticket-${++tickets}`, url: 'ws://game/ws/' });
    TestBed.configureTestingModule({
      providers: [
        { provide: OPEN_WIRE, useValue: open },
        { provide: Tickets, useValue: { draw } },
      ],
    });
    socket = TestBed.inject(GameSocket);
  });

  afterEach(() => {
    socket.close();
    vi.useRealTimers();
  });

  function end(): FarEnd {
    const newest = ends.at(-1);
    if (!newest) throw new Error('no socket was opened');
    return newest;
  }

  async function settle(ms = 0): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }

  async function greet(more: object = {}): Promise<FarEnd> {
    await settle();
    end().onopen?.();
    const hello = end().last('hello');
    end().tell({
      re: hello.id,
      ok: {
        session: 's1',
        secret: `secret-${ends.length}`,
        server_time: 1000,
        topics: {},
        resumed: false,
        ...more,
      },
    });
    await settle();
    return end();
  }

  async function drop(code = 1006): Promise<void> {
    end().onclose?.({ code, reason: '' });
    await settle(60_000);
  }

  it('says hello with a ticket and is ready when welcomed', async () => {
    socket.open(7);
    const far = await greet();
    expect(far.last('hello').d).toMatchObject({ ticket: 'ticket-1', version: 1, resume: null });
    expect(socket.state()).toBe('ready');
  });

  it('resolves a command with its reply, and rejects it with the server’s refusal', async () => {
    socket.open(7);
    const far = await greet();
    const fine = socket.send('economy.shop', { shop: 'plank' });
    far.tell({ re: far.last('economy.shop').id, ok: { shop: 'plank', offers: [] } });
    await expect(fine).resolves.toEqual({ shop: 'plank', offers: [] });
    const refused = socket.send('economy.shop', { shop: 'none' });
    far.tell({
      re: far.last('economy.shop').id,
      err: { code: 'not_found', message: 'No such shop.' },
    });
    await expect(refused).rejects.toMatchObject({ code: 'not_found', message: 'No such shop.' });
  });

  it('resumes after a drop, showing what it has seen, and sends unanswered commands with the same id', async () => {
    socket.open(7);
    const first = await greet();
    first.tell({ t: 'me.snapshot', s: 'me', n: [118, 118], d: { parts: {} } });
    const bought = socket.send('economy.shop_buy', {
      shop: 'plank',
      item: 'reed_hook',
      count: 1,
      expected_price: 60,
    });
    const { id } = first.last('economy.shop_buy');
    await drop();
    expect(socket.state()).toBe('reconnecting');
    const second = await greet({ resumed: true });
    expect(tickets).toBe(1);
    expect(second.last('hello').d).toMatchObject({
      ticket: null,
      resume: { session: 's1', secret: 'secret-1', seen: { me: 118 } },
    });
    expect(second.last('economy.shop_buy').id).toBe(id);
    second.tell({
      re: id,
      ok: { item: 'reed_hook', count: 1, total: 60, glim: 0 },
      replayed: true,
    });
    await expect(bought).resolves.toMatchObject({ total: 60 });
  });

  it('lets a walk die with its socket instead of walking late', async () => {
    socket.open(7);
    await greet();
    const walk = socket.send('world.move', { path: [[1, 1]] });
    const lost = expect(walk).rejects.toBeInstanceOf(ConnectionLostError);
    await drop();
    await lost;
    const second = await greet({ resumed: true });
    expect(second.count('world.move')).toBe(0);
  });

  it('draws a new ticket when the session is gone', async () => {
    socket.open(7);
    await greet();
    await drop();
    end().onopen?.();
    end().tell({ re: end().last('hello').id, err: { code: 'session_gone', message: 'Gone.' } });
    await greet();
    expect(tickets).toBe(2);
    expect(socket.state()).toBe('ready');
  });

  it('asks for a gap once and delivers everything in order, each once', async () => {
    socket.open(7);
    const far = await greet();
    const heard: number[] = [];
    socket.updates.subscribe((update: StreamUpdate) => heard.push(update.last));
    const say = (n: number) =>
      far.tell({ t: 'quests.changed', s: 'me', n: [n, n], d: { quest: {} } });
    far.tell({ t: 'me.snapshot', s: 'me', n: [1, 1], d: { parts: {} } });
    for (const n of [2, 5, 6, 2, 3, 4, 5]) say(n);
    expect(far.last('resume').d).toEqual({ s: 'me', from: 3 });
    expect(far.count('resume')).toBe(1);
    expect(heard).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('notices a lost last update by the heartbeat', async () => {
    socket.open(7);
    const far = await greet();
    far.tell({ t: 'me.snapshot', s: 'me', n: [1, 1], d: { parts: {} } });
    far.tell({ t: 'beat', d: { heads: { me: 2 }, time: 1001 } });
    expect(far.last('resume').d).toEqual({ s: 'me', from: 2 });
  });

  it('waits as long as a draining server asks', async () => {
    socket.open(7);
    const far = await greet();
    far.tell({ t: 'drain', d: { reconnect_in_ms: 4_000 } });
    far.onclose?.({ code: 1012, reason: 'drain' });
    await settle(3_900);
    expect(ends).toHaveLength(1);
    await settle(200);
    expect(ends).toHaveLength(2);
  });

  it('gives a silent connection up', async () => {
    socket.open(7);
    await greet();
    await settle(40_000);
    expect(socket.state()).toBe('reconnecting');
  });

  it.each([
    [4401, 'signed_out'],
    [4409, 'taken_over'],
    [4426, 'outdated'],
    [1008, 'flooded'],
  ])('close code %i ends it: %s', async (code, ending) => {
    socket.open(7);
    await greet();
    await drop(code);
    expect(socket.ending()).toBe(ending);
    expect(ends).toHaveLength(1);
    expect(socket.state()).toBe('ended');
  });
});
