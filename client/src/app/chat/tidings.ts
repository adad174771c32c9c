import { Injectable, inject } from '@angular/core';
import { Notices } from '../notices/notices';
import { ChatStore } from './chat-store';

/** News of the world: shown for a moment, and kept among what was said. */
@Injectable({ providedIn: 'root' })
export class Tidings {
  private readonly notices = inject(Notices);
  private readonly chat = inject(ChatStore);

  tell(text: string): void {
    this.notices.news(text);
    this.chat.tell(text);
  }

  tellGain(text: string): void {
    this.notices.gain(text, []);
    this.chat.tell(text);
  }
}
