import { ChangeDetectionStrategy, Component, inject, input, model, output } from '@angular/core';
import { LanguageSwitch } from '../account/language-switch';
import { Art } from '../art/art';
import { GuildStore } from '../guild/guild-store';
import { MailStore } from '../mail/mail-store';
import { EMOTES, EmoteChoice } from '../words/world-words';

export type WindowName =
  | 'inventory'
  | 'quests'
  | 'players'
  | 'party'
  | 'guild'
  | 'battles'
  | 'character'
  | 'market'
  | 'mail'
  | 'crafting'
  | 'bank'
  | 'copies';

interface Tool {
  readonly name: WindowName;
  readonly picture: string;
  readonly label: string;
  readonly title: string;
}

const TOOLS: readonly Tool[] = [
  {
    name: 'inventory',
    picture: 'inventory',
    label: $localize`:@@world.inventoryShort:Bag`,
    title: $localize`:@@world.inventory:Inventory (I)`,
  },
  {
    name: 'quests',
    picture: 'quests',
    label: $localize`:@@world.questsShort:Quests`,
    title: $localize`:@@world.quests:Quests (Q)`,
  },
  {
    name: 'crafting',
    picture: 'crafting',
    label: $localize`:@@world.craftingShort:Craft`,
    title: $localize`:@@world.crafting:Crafting (K)`,
  },
  {
    name: 'players',
    picture: 'character',
    label: $localize`:@@world.playersShort:People`,
    title: $localize`:@@world.players:Who is here (P)`,
  },
  {
    name: 'battles',
    picture: 'battle',
    label: $localize`:@@world.battlesShort:Battles`,
    title: $localize`:@@world.battles:Battles here (B)`,
  },
  {
    name: 'market',
    picture: 'shop',
    label: $localize`:@@world.marketShort:Market`,
    title: $localize`:@@world.market:Market (M)`,
  },
  {
    name: 'party',
    picture: 'party',
    label: $localize`:@@world.partyShort:Party`,
    title: $localize`:@@world.party:Party (G)`,
  },
  {
    name: 'guild',
    picture: 'guild',
    label: $localize`:@@world.guildShort:Guild`,
    title: $localize`:@@world.guild:Guild (U)`,
  },
  {
    name: 'mail',
    picture: 'log',
    label: $localize`:@@world.mailShort:Mail`,
    title: $localize`:@@world.mail:Mail (L)`,
  },
];

/** The windows that one may open, and a menu of gestures and of ways out. */
@Component({
  selector: 'aether-tool-bar',
  imports: [Art, LanguageSwitch],
  templateUrl: './tool-bar.html',
  styleUrl: './tool-bar.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ToolBar {
  readonly open = input.required<WindowName | null>();
  readonly isMenuOpen = model.required<boolean>();
  readonly chosen = output<WindowName>();
  readonly gestured = output<EmoteChoice>();
  readonly left = output();

  protected readonly mail = inject(MailStore);
  protected readonly guild = inject(GuildStore);
  protected readonly tools = TOOLS;
  protected readonly emotes = EMOTES;
}
