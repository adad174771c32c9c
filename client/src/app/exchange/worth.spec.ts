import { timesOff, timesTooMuch } from './worth';

describe('timesTooMuch', () => {
  it('warns from four times on', () => {
    expect(timesTooMuch(399, 100)).toBeNull();
    expect(timesTooMuch(400, 100)).toBe(4);
    expect(timesTooMuch(4000, 100)).toBe(40);
  });

  it('warns of giving something for nothing, not of a present', () => {
    expect(timesTooMuch(5, 0)).toBe(Infinity);
    expect(timesTooMuch(0, 5)).toBeNull();
  });

  it('says nothing where there is no price', () => {
    expect(timesTooMuch(null, 5)).toBeNull();
    expect(timesTooMuch(5, null)).toBeNull();
  });
});

describe('timesOff', () => {
  it('looks both ways', () => {
    expect(timesOff(40, 10)).toBe(4);
    expect(timesOff(2, 10)).toBe(5);
    expect(timesOff(30, 10)).toBeNull();
    expect(timesOff(30, null)).toBeNull();
  });
});
