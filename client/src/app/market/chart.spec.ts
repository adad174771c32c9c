import { Candle } from '../protocol/generated';
import { layOut } from './chart';

function candle(open: number, high: number, low: number, close: number, volume = 1): Candle {
  return { at: 0, open, high, low, close, volume };
}

describe('layOut', () => {
  it('draws nothing of nothing', () => {
    expect(layOut([], 100, 50).bars).toEqual([]);
  });

  it('puts the highest price on top and the lowest above the volumes', () => {
    const { bars, high, low } = layOut([candle(10, 20, 5, 15), candle(15, 18, 6, 7)], 120, 100);
    expect([high, low]).toEqual([20, 5]);
    expect(bars[0]?.highY).toBe(4);
    expect(bars[0]?.lowY).toBe(76);
    expect(bars.map(({ isRising }) => isRising)).toEqual([true, false]);
  });

  it('keeps a price that never moved in the middle', () => {
    const [bar] = layOut([candle(5, 5, 5, 5)], 120, 100).bars;
    expect(bar?.bodyY).toBe(40);
    expect(bar?.bodyHeight).toBe(1.5);
  });

  it('measures volumes by the largest', () => {
    const { bars } = layOut([candle(1, 1, 1, 1, 4), candle(1, 1, 1, 1, 1)], 120, 100);
    expect(bars.map(({ volumeHeight }) => volumeHeight)).toEqual([20, 5]);
  });
});
