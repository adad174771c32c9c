import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  output,
  signal,
} from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { numberIn, textIn } from '../exchange/fields';
import { GoodsPicker, NO_GOODS, PickedGoods } from '../exchange/goods-picker';
import { Notices, injectAsk } from '../notices/notices';

/** A letter to somebody, with goods and what is to be paid for them. */
@Component({
  selector: 'aether-letter-form',
  imports: [GoodsPicker],
  template: `
    <form (submit)="send($event)" data-testid="letter-form">
      <label class="field">
        <span i18n="@@letter.to">To</span>
        <input
          class="input"
          autocomplete="off"
          maxlength="64"
          data-testid="letter-to"
          [value]="to()"
          (input)="to.set(textIn($event))"
        />
      </label>
      <label class="field">
        <span i18n="@@letter.subject">Subject</span>
        <input
          class="input"
          maxlength="64"
          data-testid="letter-subject"
          [value]="subject()"
          (input)="subject.set(textIn($event))"
        />
      </label>
      <label class="field">
        <span i18n="@@letter.text">Text</span>
        <textarea
          class="input"
          rows="4"
          maxlength="1000"
          data-testid="letter-text"
          [value]="body()"
          (input)="body.set(textIn($event))"
        ></textarea>
      </label>
      <fieldset>
        <legend i18n="@@letter.goods">Attach</legend>
        <aether-goods-picker (changed)="goods.set($event)" />
      </fieldset>
      <label class="field">
        <span i18n="@@letter.cod">To be paid on delivery (glim)</span>
        <input
          class="input"
          type="number"
          min="0"
          inputmode="numeric"
          data-testid="letter-cod"
          [value]="cod() || ''"
          (input)="cod.set(numberIn($event))"
        />
      </label>
      <button
        class="button button--main"
        data-testid="send-letter"
        [disabled]="!canSend()"
        i18n="@@letter.send"
      >
        Send
      </button>
    </form>
  `,
  styles: `
    form {
      display: grid;
      gap: 10px;
    }
    fieldset {
      max-height: 220px;
      overflow-y: auto;
      border: 1px solid var(--edge-soft);
      border-radius: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LetterForm {
  readonly sent = output();

  protected readonly to = signal('');
  protected readonly subject = signal('');
  protected readonly body = signal('');
  protected readonly cod = signal(0);
  protected readonly goods = signal<PickedGoods>(NO_GOODS);
  protected readonly isBusy = signal(false);
  protected readonly textIn = textIn;
  protected readonly numberIn = numberIn;
  protected readonly canSend = computed(
    () => !this.isBusy() && !!this.to().trim() && !!this.subject().trim(),
  );

  private readonly socket = inject(GameSocket);
  private readonly notices = inject(Notices);
  private readonly ask = injectAsk();

  protected async send(event: Event): Promise<void> {
    event.preventDefault();
    this.isBusy.set(true);
    const to = this.to().trim();
    const letter = { to, subject: this.subject(), body: this.body() };
    const isSent = await this.ask(
      this.socket.send('economy.mail_send', { ...letter, goods: this.goods(), cod: this.cod() }),
    );
    this.isBusy.set(false);
    if (!isSent) return;
    this.notices.news($localize`:@@letter.sent:Your letter to ${to}:name: is on its way.`);
    this.sent.emit();
  }
}
