import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  output,
  signal,
} from '@angular/core';
import { DecimalPipe } from '@angular/common';
import { GameSocket } from '../connection/game-socket';
import { InviteForm } from '../friends/invite-form';
import { injectAsk } from '../notices/notices';
import { GuildInvitation } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';
import { GuildRanks } from './guild-ranks';
import { GuildRoster } from './guild-roster';
import { GuildStore } from './guild-store';

/** The player's guild: its people, its ranks and its message; or how one is founded, and who asks into one. */
@Component({
  selector: 'aether-guild-window',
  imports: [DecimalPipe, GuildRanks, GuildRoster, InviteForm, WindowFrame],
  templateUrl: './guild-window.html',
  styleUrl: './guild-window.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GuildWindow {
  readonly closed = output();
  readonly whispered = output<string>();

  protected readonly store = inject(GuildStore);
  protected readonly heading = computed(
    () => this.store.guild()?.name ?? $localize`:@@guild.title:Guild`,
  );
  protected readonly name = signal('');
  protected readonly invite = (name: string): Promise<boolean> => this.store.invite(name);
  /** The message as it is written; null while nobody writes it. */
  protected readonly motd = signal<string | null>(null);
  protected readonly disbanding = signal<string | null>(null);

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  protected async found(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.name().trim();
    if (!name) return;
    if (await this.ask(this.socket.send('chat.guild_found', { name }))) this.name.set('');
  }

  protected async accept({ invitation }: GuildInvitation): Promise<void> {
    if (await this.ask(this.socket.send('chat.guild_accept', { invitation })))
      this.store.closeInvitation(invitation);
  }

  protected async decline({ invitation }: GuildInvitation): Promise<void> {
    this.store.closeInvitation(invitation);
    await this.ask(this.socket.send('chat.guild_decline', { invitation }));
  }

  protected async writeMotd(event: Event): Promise<void> {
    event.preventDefault();
    const text = this.motd() ?? '';
    if (await this.ask(this.socket.send('chat.guild_motd', { text }))) this.motd.set(null);
  }

  protected async leave(): Promise<void> {
    await this.ask(this.socket.send('chat.guild_leave', {}));
  }

  protected async disband(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.disbanding()?.trim();
    if (!name) return;
    if (await this.ask(this.socket.send('chat.guild_disband', { name }))) this.disbanding.set(null);
  }
}
