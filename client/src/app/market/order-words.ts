import { OrderSeen } from '../protocol/generated';

/** What has become of an order so far. */
export function endedHow({ state, quantity, remaining }: OrderSeen): string {
  const done = quantity - remaining;
  switch (state) {
    case 'open':
      return done > 0
        ? $localize`:@@orders.partly:${done}:done: of ${quantity}:quantity: so far`
        : $localize`:@@orders.waits:waits`;
    case 'filled':
      return $localize`:@@orders.filled:filled`;
    case 'cancelled':
      return $localize`:@@orders.cancelled:withdrawn, ${done}:done: of ${quantity}:quantity: done`;
    case 'expired':
      return $localize`:@@orders.expired:its time was over, ${done}:done: of ${quantity}:quantity: done`;
  }
}
