import { Sky } from '../protocol/generated';
import { clockTime, eventChanges, lightAt, minuteOfDay, phaseAt } from './sky';

const SKY: Sky = {
  day_s: 5760,
  day_began: 0,
  phase: 'day',
  phases: [
    { phase: 'night', minute: 0, light_pct: 40 },
    { phase: 'dawn', minute: 300, light_pct: 70 },
    { phase: 'day', minute: 420, light_pct: 100 },
    { phase: 'dusk', minute: 1140, light_pct: 70 },
    { phase: 'night', minute: 1260, light_pct: 40 },
  ],
  weather: '',
  weather_until: 0,
  events: [],
};

describe('the sky', () => {
  it('shows the time of the world', () => {
    expect(clockTime(minuteOfDay(0, 5760))).toBe('00:00');
    expect(clockTime(minuteOfDay(2_880_000, 5760))).toBe('12:00');
    expect(clockTime(minuteOfDay(5_760_000 + 240_000, 5760))).toBe('01:00');
    expect(clockTime(minuteOfDay(-4_000, 5760))).toBe('23:59');
  });

  it('knows the part of the day', () => {
    expect(phaseAt(SKY.phases, 299)?.phase).toBe('night');
    expect(phaseAt(SKY.phases, 300)?.phase).toBe('dawn');
    expect(phaseAt(SKY.phases, 1439)?.phase).toBe('night');
  });

  it('gets light and dark by and by, and never jumps', () => {
    expect(lightAt(SKY, 720)).toBe(1);
    expect(lightAt(SKY, 60)).toBe(0.4);
    expect(lightAt(SKY, 300)).toBeCloseTo(0.55);
    expect(lightAt(SKY, 0)).toBeCloseTo(0.4);
    for (let minute = 0; minute < 1440; minute++) {
      const step = Math.abs(lightAt(SKY, minute) - lightAt(SKY, (minute + 1) % 1440));
      expect(step).toBeLessThan(0.02);
    }
  });

  it('is bright where nobody says otherwise', () => {
    expect(lightAt({ ...SKY, phases: [] }, 60)).toBe(1);
  });

  it('tells what begins and what is over', () => {
    expect(eventChanges(['a', 'b'], ['b', 'c'])).toEqual({ begun: ['c'], over: ['a'] });
  });
});
