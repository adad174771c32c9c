import { Injectable, LOCALE_ID, inject } from '@angular/core';
import { BattleStore } from '../battle/battle-store';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { SYSTEM, textOf } from '../chat/chat-store';
import { Tidings } from '../chat/tidings';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { lootLines } from '../inventory/loot-lines';
import { Notices } from '../notices/notices';
import {
  CraftChanged,
  CurrentGuildChanged,
  CurrentPartyChanged,
  DungeonChanged,
  GatheringEnded,
  LootReceived,
  Quest,
  Stack,
} from '../protocol/generated';
import { QuestStore } from '../quests/quest-store';

/** Tells the player what has just come: loot, levels, the next step of a quest, word from the house. */
@Injectable({ providedIn: 'root' })
export class NewsCrier {
  private readonly notices = inject(Notices);
  private readonly tidings = inject(Tidings);
  private readonly language = inject(LOCALE_ID);
  private readonly catalogue = inject(CatalogueStore);
  private readonly battles = inject(BattleStore);
  private readonly quests = inject(QuestStore);
  private known: ReadonlyMap<string, string> = new Map();
  private company = 0;

  constructor() {
    inject(GameSocket).updates.subscribe((update) => this.announce(update));
  }

  private announce(update: StreamUpdate): void {
    switch (update.t) {
      case 'me.snapshot':
        this.known = new Map(this.quests.quests().map((quest) => [quest.quest, quest.state]));
        break;
      case 'chat.line':
        if (update.d.line.channel === SYSTEM) {
          this.notices.news(
            $localize`:@@news.announced:The game masters announce`,
            textOf(update.d.line, this.language),
          );
        }
        break;
      case 'economy.loot_received':
        if (!(update.d.source === 'battle' && this.battles.isShown())) this.announceLoot(update.d);
        break;
      case 'accounts.profile_changed':
        if (update.d.gained_levels > 0) {
          this.notices.gain($localize`:@@news.level:Level ${update.d.profile.level}:level:!`, []);
        }
        break;
      case 'economy.craft_changed':
        if (update.d.ended === 'done') this.announceCraft(update.d);
        break;
      case 'economy.profession_changed':
        if (update.d.gained_levels > 0) {
          const { profession, level } = update.d.profession;
          const name = this.catalogue.professionName(profession);
          this.notices.gain(
            $localize`:@@news.skill:${name}:profession:: level ${level}:level:`,
            [],
          );
        }
        break;
      case 'economy.recipe_learnt': {
        const made = this.catalogue.all().recipes[update.d.recipe]?.outputs[0]?.item ?? '';
        const name = this.catalogue.itemName(made);
        this.notices.gain($localize`:@@news.recipe:You know how to make: ${name}:item:`, []);
        break;
      }
      case 'world.gathering_ended':
        this.announceGathering(update.d);
        break;
      case 'quests.changed':
        this.announceQuest(update.d.quest);
        break;
      case 'chat.party_answered':
        if (update.d.answer === 'declined')
          this.notices.news(
            $localize`:@@news.declined:${update.d.name}:name: does not come along.`,
          );
        break;
      case 'party.snapshot':
      case 'chat.party':
        this.company = update.d.party.members.length;
        break;
      case 'chat.party_current':
        this.announceParty(update.d.cause);
        break;
      case 'chat.guild_invited': {
        const { name, guild } = update.d.invitation;
        this.notices.news(
          $localize`:@@guild.invites:${name}:name: asks you into the guild ${guild}:guild: (U).`,
        );
        break;
      }
      case 'chat.guild_answered':
        if (update.d.answer === 'declined')
          this.notices.news(
            $localize`:@@guild.declined:${update.d.name}:name: does not join the guild.`,
          );
        break;
      case 'chat.guild_current':
        this.notices.news(guildText(update.d));
        break;
      case 'world.dungeon_opened':
        this.tidings.tell(
          $localize`:@@news.dungeonOpened:${update.d.name}:name: has entered ${this.dungeonName(update.d.dungeon)}:dungeon:. Follow through the gate.`,
        );
        break;
      case 'world.dungeon_changed':
        this.announceDungeon(update.d);
        break;
      case 'accounts.notice':
        this.notices.news(
          noticeText(update.d.key, update.d.values, (id) => this.catalogue.itemName(id)),
        );
        break;
    }
  }

  private dungeonName(dungeon: string): string {
    return this.catalogue.all().dungeons[dungeon]?.name ?? dungeon;
  }

  private announceDungeon({ cause, dungeon }: DungeonChanged): void {
    const name = this.dungeonName(dungeon);
    if (cause === 'reset')
      this.tidings.tell($localize`:@@news.dungeonReset:A click, and all levers come up again.`);
    if (cause === 'room') this.tidings.tell($localize`:@@news.dungeonRoom:The way on is open.`);
    if (cause === 'done')
      this.tidings.tellGain($localize`:@@news.dungeonDone:${name}:dungeon: is done.`);
    if (cause === 'closed')
      this.tidings.tell(
        $localize`:@@news.dungeonClosed:Your way through ${name}:dungeon: is over.`,
      );
  }

  private announceParty(cause: CurrentPartyChanged['cause']): void {
    if (cause === 'joined') this.notices.news($localize`:@@news.joined:You travel in company now.`);
    if (cause === 'removed')
      this.notices.news($localize`:@@news.removed:You have been sent away from the party.`);
    // Whoever was alone in it knows: the one who was asked has declined.
    if (cause === 'dissolved' && this.company > 1)
      this.notices.news($localize`:@@news.dissolved:The party has broken up.`);
  }

  private announceLoot(loot: LootReceived): void {
    const lines = lootLines(loot, (id) => this.catalogue.itemName(id));
    this.notices.gain(
      $localize`:@@news.loot:You receive`,
      lines.map(({ text }) => text),
    );
    this.announceMailed(loot.mailed);
  }

  private announceCraft(made: CraftChanged): void {
    const lines = lootLines({ glim: 0, ...made }, (id) => this.catalogue.itemName(id));
    if (lines.length > 0)
      this.notices.gain(
        $localize`:@@news.crafted:You have made`,
        lines.map(({ text }) => text),
      );
    this.announceMailed(made.mailed);
  }

  private announceMailed(mailed: readonly Stack[]): void {
    const name = (id: string) => given(id, (item) => this.catalogue.itemName(item));
    const late = mailed.map(({ item, count }) => `${count} × ${name(item)}`);
    if (late.length > 0)
      this.notices.gain($localize`:@@news.mailed:You have no room: this waits in your mail`, late);
  }

  private announceGathering({ outcome, items }: GatheringEnded): void {
    if (outcome === 'spent') {
      this.notices.news($localize`:@@news.nodeSpent:Somebody was faster: nothing is left here.`);
    }
    const lines = Object.entries(items).map(
      ([item, count]) => `${count} × ${this.catalogue.itemName(item)}`,
    );
    if (lines.length > 0) this.notices.gain($localize`:@@news.gathered:You have gathered`, lines);
  }

  private announceQuest({ quest, state }: Quest): void {
    const before = this.known.get(quest);
    this.known = new Map(this.known).set(quest, state);
    const name = this.catalogue.questName(quest);
    if (before === state) return;
    if (state === 'active')
      this.notices.news($localize`:@@news.questBegun:New quest: ${name}:quest:`);
    if (state === 'ready')
      this.notices.news($localize`:@@news.questReady:${name}:quest:: go back and report.`);
    if (state === 'failed')
      this.notices.news($localize`:@@news.questFailed:Quest failed: ${name}:quest:`);
    if (state === 'completed')
      this.notices.gain($localize`:@@news.questDone:Quest completed: ${name}:quest:`, []);
  }
}

function guildText({ cause, name }: CurrentGuildChanged): string {
  switch (cause) {
    case 'founded':
      return $localize`:@@guild.founded:The guild ${name}:guild: is founded.`;
    case 'joined':
      return $localize`:@@guild.joined:You are a member of ${name}:guild: now.`;
    case 'removed':
      return $localize`:@@guild.removed:You have been sent away from ${name}:guild:.`;
    case 'left':
      return $localize`:@@guild.left:You have left ${name}:guild:.`;
    case 'disbanded':
      return $localize`:@@guild.disbanded:The guild ${name}:guild: is no more.`;
  }
}

/** Notices carry a key of the client's texts; one that this build does not know still shows its values. */
function noticeText(
  key: string,
  values: Readonly<Record<string, string>>,
  itemName: (id: string) => string,
): string {
  switch (key) {
    case 'frozen':
      return $localize`:@@notice.frozen:The game masters have frozen your dealings: ${values['reason'] ?? ''}:reason:`;
    case 'thawed':
      return $localize`:@@notice.thawed:You may trade and deal again.`;
    case 'granted':
      return $localize`:@@notice.granted:The game masters give you ${values['amount'] ?? ''}:amount: × ${given(values['item'] ?? '', itemName)}:item:: ${values['reason'] ?? ''}:reason:`;
    case 'muted':
      return $localize`:@@notice.muted:You have been muted: ${values['reason'] ?? ''}:reason:`;
    case 'compensated':
      return $localize`:@@notice.compensated:You are compensated with ${values['glim'] ?? '0'}:glim: glim and ${values['xp'] ?? '0'}:xp: experience: ${values['reason'] ?? ''}:reason:`;
    default:
      return Object.values(values).join(' · ') || key;
  }
}

function given(item: string, itemName: (id: string) => string): string {
  return item === 'glim' ? 'glim' : itemName(item);
}
