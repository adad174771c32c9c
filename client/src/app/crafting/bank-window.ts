import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  output,
  signal,
} from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { InventoryStore } from '../inventory/inventory-store';
import { injectAsk } from '../notices/notices';
import { Bank } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';
import { BankShelf, Portion } from './bank-shelf';

/** What lies in the bank beside what is carried. */
@Component({
  selector: 'aether-bank-window',
  imports: [BankShelf, WindowFrame],
  template: `
    <aether-window [heading]="heading" (closed)="closed.emit()">
      @if (bank(); as kept) {
        <div class="counter" data-testid="bank">
          <aether-bank-shelf
            i18n-heading="@@bank.carried"
            heading="You carry"
            i18n-verb="@@bank.putIn"
            verb="Put in"
            act="deposit"
            [goods]="carried()"
            [isBusy]="isBusy()"
            (moved)="deposit($event)"
          />
          <aether-bank-shelf
            i18n-heading="@@bank.kept"
            heading="In the bank"
            i18n-verb="@@bank.takeOut"
            verb="Take out"
            act="withdraw"
            data-testid="bank-contents"
            [goods]="kept"
            [isBusy]="isBusy()"
            (moved)="withdraw($event)"
          />
        </div>
      }
    </aether-window>
  `,
  styles: `
    :host {
      display: flex;
      min-height: 0;
    }
    aether-window {
      flex: 1;
    }
    .counter {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 24px;
    }
    @media (max-width: 720px) {
      .counter {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BankWindow {
  readonly closed = output();

  protected readonly heading = $localize`:@@bank.title:Bank`;
  protected readonly bank = signal<Bank | null>(null);
  protected readonly isBusy = signal(false);
  protected readonly carried = computed<Bank>(() => {
    const { glim, stacks } = this.inventory.inventory();
    return { glim, stacks, items: this.inventory.bag() };
  });

  private readonly inventory = inject(InventoryStore);
  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  constructor() {
    void this.show(this.socket.send('economy.bank', {})).then(() => {
      if (!this.bank()) this.closed.emit();
    });
  }

  protected deposit(portion: Portion): Promise<void> {
    return this.show(this.socket.send('economy.bank_deposit', portion));
  }

  protected withdraw(portion: Portion): Promise<void> {
    return this.show(this.socket.send('economy.bank_withdraw', portion));
  }

  private async show(answer: Promise<Bank>): Promise<void> {
    this.isBusy.set(true);
    const bank = await this.ask(answer);
    if (bank) this.bank.set(bank);
    this.isBusy.set(false);
  }
}
