import { Candle } from '../protocol/generated';

export interface CandleBar {
  readonly x: number;
  readonly width: number;
  readonly highY: number;
  readonly lowY: number;
  readonly bodyY: number;
  readonly bodyHeight: number;
  readonly volumeHeight: number;
  readonly isRising: boolean;
  readonly candle: Candle;
}

export interface Chart {
  readonly bars: readonly CandleBar[];
  readonly high: number;
  readonly low: number;
}

/** The share of the height that volumes take, at the bottom. */
const VOLUME_SHARE = 0.2;

/** Lay candles out in a picture: prices above, volumes below. */
export function layOut(candles: readonly Candle[], width: number, height: number): Chart {
  if (candles.length === 0) return { bars: [], high: 0, low: 0 };
  const high = Math.max(...candles.map((candle) => candle.high));
  const low = Math.min(...candles.map((candle) => candle.low));
  const most = Math.max(...candles.map(({ volume }) => volume));
  const priceHeight = height * (1 - VOLUME_SHARE);
  const toY = (price: number) =>
    high === low ? priceHeight / 2 : ((high - price) / (high - low)) * (priceHeight - 8) + 4;
  const step = width / Math.max(candles.length, 12);
  const bars = candles.map((candle, index) => {
    const top = toY(Math.max(candle.open, candle.close));
    const bottom = toY(Math.min(candle.open, candle.close));
    return {
      x: index * step + step * 0.15,
      width: step * 0.7,
      highY: toY(candle.high),
      lowY: toY(candle.low),
      bodyY: top,
      bodyHeight: Math.max(1.5, bottom - top),
      volumeHeight: (candle.volume / most) * height * VOLUME_SHARE,
      isRising: candle.close >= candle.open,
      candle,
    };
  });
  return { bars, high, low };
}
