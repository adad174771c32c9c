import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  LOCALE_ID,
  computed,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import { Router } from '@angular/router';
import { Cell, Insets, ZoneEntity } from '../board/board-types';
import { nextCell } from '../board/walking';
import { ZoneBoard } from '../board/zone-board';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { ChatDock } from '../chat/chat-dock';
import { BankWindow } from '../crafting/bank-window';
import { CraftingWindow } from '../crafting/crafting-window';
import { DungeonGate } from '../dungeon/dungeon-gate';
import { DungeonPanel } from '../dungeon/dungeon-panel';
import { DungeonStore } from '../dungeon/dungeon-store';
import { GatherBar } from '../crafting/gather-bar';
import { GameSocket } from '../connection/game-socket';
import { GuildWindow } from '../guild/guild-window';
import { InventoryWindow } from '../inventory/inventory-window';
import { MailWindow } from '../mail/mail-window';
import { MarketWindow } from '../market/market-window';
import { injectAsk } from '../notices/notices';
import { PartyPanel } from '../party/party-panel';
import { PartyQuestions } from '../party/party-questions';
import { PartyStore } from '../party/party-store';
import { PartyWindow } from '../party/party-window';
import { ProfileBadge } from '../profile/profile-badge';
import { ProfileWindow } from '../profile/profile-window';
import { Dialogue, ExitSeen, JoinOffer } from '../protocol/generated';
import { DialogueWindow } from '../quests/dialogue-window';
import { QuestStore } from '../quests/quest-store';
import { QuestTracker } from '../quests/quest-tracker';
import { QuestWindow } from '../quests/quest-window';
import { ShopWindow } from '../shop/shop-window';
import { SkyDial } from '../sky/sky-dial';
import { SkyStore } from '../sky/sky-store';
import { SkyVeil } from '../sky/sky-veil';
import { Fight, LiveBattlesWindow } from '../spectate/live-battles-window';
import { TradeInvitation } from '../trade/trade-invitation';
import { TradeStore } from '../trade/trade-store';
import { TradeWindow } from '../trade/trade-window';
import { EMOTES, EmoteChoice, doorName, lockOf, nodeName } from '../words/world-words';
import { isField, isInteractive } from '../windows/keys';
import { CopiesWindow } from './copies-window';
import { DuelInvitation } from './duel-invitation';
import { isOpenDoor } from './doors';
import { Errand } from './errand';
import { ExitPrompt } from './exit-prompt';
import { MiniMap } from './mini-map';
import { PlayersWindow } from './players-window';
import { Proposals } from './proposals';
import { Speeches } from './speeches';
import { ThingPanel } from './thing-panel';
import { Things } from './things';
import { ToolBar, WindowName } from './tool-bar';
import { boardMap, zoneScene } from './zone-scene';
import { ZoneStore } from './zone-store';

const SIDE_WINDOW_PX = 400;
const TALKING_DISTANCE = 1;
/** How far from a member one may stand to join its battle. */
const JOIN_REACH = 12;

/** The zone with everybody in it, and the windows over it. */
@Component({
  selector: 'aether-world-page',
  imports: [
    BankWindow,
    ChatDock,
    CopiesWindow,
    CraftingWindow,
    DialogueWindow,
    DuelInvitation,
    DungeonGate,
    DungeonPanel,
    ExitPrompt,
    GatherBar,
    GuildWindow,
    InventoryWindow,
    LiveBattlesWindow,
    MiniMap,
    PartyPanel,
    PartyQuestions,
    PartyWindow,
    MailWindow,
    MarketWindow,
    PlayersWindow,
    ProfileBadge,
    ProfileWindow,
    QuestTracker,
    QuestWindow,
    ShopWindow,
    SkyDial,
    SkyVeil,
    ThingPanel,
    ToolBar,
    TradeInvitation,
    TradeWindow,
    ZoneBoard,
  ],
  templateUrl: './world-page.html',
  styleUrl: './world-page.css',
  host: { '(document:keydown)': 'followKey($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WorldPage {
  protected readonly zone = inject(ZoneStore);
  protected readonly catalogue = inject(CatalogueStore);
  protected readonly open = signal<WindowName | null>(null);
  protected readonly dialogue = signal<Dialogue | null>(null);
  protected readonly shop = signal<string | null>(null);
  protected readonly exit = signal<ExitSeen | null>(null);
  protected readonly fight = signal<Fight | null>(null);
  protected readonly isMenuOpen = signal(false);
  protected readonly trades = inject(TradeStore);
  protected readonly proposals = inject(Proposals);
  protected readonly things = inject(Things);
  protected readonly dungeons = inject(DungeonStore);
  protected readonly sky = inject(SkyStore);
  protected readonly zoneName = computed(() =>
    this.catalogue.zoneName(this.zone.zone()?.zone ?? ''),
  );
  protected readonly copyLabel = computed(() => {
    const number = this.zone.copyNumber();
    return $localize`:@@world.copyLabel:Copy ${number}:number: of this zone: show all`;
  });
  protected readonly insets = computed<Insets>(() => ({
    top: 0,
    left: 0,
    bottom: 0,
    right: this.open() || this.shop() || this.trades.trade() ? SIDE_WINDOW_PX : 0,
  }));
  /** A trade stands in front of every window: one thing at a time. */
  protected readonly tradeAtHand = computed(() => {
    const trade = this.trades.trade();
    return trade && (trade.state !== 'invited' || trade.is_inviter) ? trade : null;
  });
  protected readonly scene = computed(() => this.sceneNow());
  protected readonly wayTo = (goal: Cell) => this.errand.wayTo(goal);

  private readonly socket = inject(GameSocket);
  private readonly errand = inject(Errand);
  private readonly speeches = inject(Speeches);
  private readonly quests = inject(QuestStore);
  private readonly parties = inject(PartyStore);
  private readonly router = inject(Router);
  private readonly language = inject(LOCALE_ID);
  private readonly ask = injectAsk();
  private readonly chat = viewChild.required(ChatDock);
  private readonly drawnMap = computed(() => {
    const map = this.zone.ground();
    return map && boardMap(map);
  });

  constructor() {
    // A battle may begin on the way somewhere: whatever was to be done there is off.
    inject(DestroyRef).onDestroy(() => {
      this.errand.cancel();
      this.things.leave();
    });
  }

  /** One thing at a time: a window, the shop or a talk. */
  protected toggle(name: WindowName): void {
    this.leaveTalk();
    this.fight.set(null);
    this.open.update((open) => (open === name ? null : name));
  }

  /** Look for the battle that somebody is in, to watch it. */
  protected lookFor(fight: Fight): void {
    this.fight.set(fight);
    this.open.set('battles');
  }

  protected async walk(cell: Cell): Promise<void> {
    this.leaveTalk();
    await this.errand.goTo(() => cell);
  }

  protected async approach(entity: ZoneEntity): Promise<void> {
    this.leaveTalk();
    const id = entity.key.slice(entity.kind.length + 1);
    if ('isInBattle' in entity && entity.isInBattle) {
      return this.lookFor(entity.kind === 'group' ? { group: Number(id) } : { player: Number(id) });
    }
    switch (entity.kind) {
      case 'npc':
        return this.talkTo(id, entity.cell);
      case 'object':
        return this.use(id, entity.cell);
      case 'group':
        return this.engage(Number(id));
      case 'exit':
        return this.goToExit(id);
      case 'player':
        this.open.set('players');
    }
  }

  protected async choose(option: string): Promise<void> {
    const talk = this.dialogue();
    if (!talk) return;
    this.show(
      await this.ask(this.socket.send('quests.choose', { npc: talk.npc, rev: talk.rev, option })),
    );
  }

  protected async travel(exit: ExitSeen): Promise<void> {
    this.exit.set(null);
    const place = await this.ask(this.socket.send('world.travel', { exit: exit.id }));
    if (place) this.zone.arrive(place);
  }

  protected async emote({ id }: EmoteChoice): Promise<void> {
    this.isMenuOpen.set(false);
    await this.ask(this.socket.send('world.emote', { emote: id }));
  }

  /** Walk up to the member who fights, then join: the way may be longer than the time that is left. */
  protected async join({ battle, character }: JoinOffer): Promise<void> {
    const friend = () => this.zone.zone()?.players.get(character)?.cell ?? null;
    if (!(await this.errand.goTo(friend, JOIN_REACH))) return;
    await this.ask(this.socket.send('combat.join', { battle }));
  }

  protected whisper(name: string): void {
    // On a small screen the window stands over what is said.
    this.open.set(null);
    this.chat().address(name);
  }

  protected leaveTalk(): void {
    this.dialogue.set(null);
    this.shop.set(null);
    this.exit.set(null);
    this.things.leave();
    this.isMenuOpen.set(false);
  }

  protected goAshore(): void {
    void this.router.navigateByUrl('/characters');
  }

  protected followKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = isField(event.target);
    if (event.key === 'Escape') this.closeTop();
    else if (event.key === 'Enter' && !isInteractive(event.target)) this.chat().focus();
    else if (isTyping || !(this.openByLetter(event.key) || this.emoteByDigit(event.key))) return;
    event.preventDefault();
  }

  private openByLetter(key: string): boolean {
    const windows: Readonly<Record<string, WindowName>> = {
      i: 'inventory',
      q: 'quests',
      p: 'players',
      b: 'battles',
      g: 'party',
      u: 'guild',
      c: 'character',
      m: 'market',
      l: 'mail',
      k: 'crafting',
      z: 'copies',
    };
    const name = windows[key.toLowerCase()];
    if (name) this.toggle(name);
    return !!name;
  }

  private emoteByDigit(key: string): boolean {
    const choice = /^[1-9]$/.test(key) ? EMOTES[Number(key) - 1] : undefined;
    if (choice) void this.emote(choice);
    return !!choice;
  }

  private closeTop(): void {
    if (this.shop()) this.shop.set(null);
    else if (this.dialogue() || this.exit() || this.things.seen() || this.isMenuOpen())
      this.leaveTalk();
    else this.open.set(null);
  }

  private async talkTo(npc: string, cell: Cell): Promise<void> {
    if (!(await this.errand.goTo(() => cell, TALKING_DISTANCE))) return;
    this.show(await this.ask(this.socket.send('quests.talk', { npc })));
  }

  protected async act(action: string): Promise<void> {
    const seen = this.things.seen();
    if (seen) this.openWindow(await this.things.act(seen, action));
  }

  private async use(object: string, cell: Cell): Promise<void> {
    const thing = this.zone.zone()?.objects.find(({ id }) => id === object);
    if (thing && isOpenDoor(thing)) return this.walk(cell);
    if (!(await this.errand.goTo(() => cell, 1))) return;
    if (object.startsWith('node:')) {
      await this.ask(this.socket.send('world.gather', { node: object.slice('node:'.length) }));
      return;
    }
    const station = this.catalogue.all().stations[thing?.object_type ?? ''];
    if (station) this.open.set(station.kind === 'bank' ? 'bank' : 'crafting');
    else this.openWindow(await this.things.use(object));
  }

  private openWindow(name: string | null): void {
    const [kind, id] = name?.split(':') ?? [];
    if (kind === 'shop' && id) this.shop.set(id);
    else if (kind === 'bank' || kind === 'market') this.open.set(kind);
    else if (kind === 'craft') this.open.set('crafting');
  }

  private async engage(group: number): Promise<void> {
    if (!(await this.errand.goTo(() => this.groupCell(group), 1))) return;
    await this.ask(this.socket.send('combat.engage', { group }));
  }

  private async goToExit(id: string): Promise<void> {
    const exit = this.zone.zone()?.exits.find((each) => each.id === id);
    const cell = exit?.cells[Math.floor(exit.cells.length / 2)];
    if (!exit || !cell) return;
    if (!(await this.errand.goTo(() => cell, 1))) return;
    // A door within the zone is simply gone through.
    if (exit.to_zone === this.zone.zone()?.zone) await this.travel(exit);
    else this.exit.set(exit);
  }

  private groupCell(id: number): Cell | null {
    const group = this.zone.zone()?.groups.get(id);
    return group ? nextCell(this.zone.boardWalk(group), group.cell, Date.now()) : null;
  }

  private show(dialogue: Dialogue | undefined): void {
    if (!dialogue) return;
    this.open.set(null);
    this.openWindow(dialogue.opens ?? null);
    const isOver = !dialogue.text && dialogue.options.length === 0;
    this.dialogue.set(isOver ? null : dialogue);
  }

  private sceneNow() {
    const zone = this.zone.zone();
    const map = this.drawnMap();
    if (!zone || !map || map.id !== zone.mapHash) return null;
    this.speeches.byPlayer();
    return zoneScene(
      zone,
      map,
      this.zone.ownId(),
      {
        monster: (id) => this.catalogue.monsterName(id),
        npc: (id) => this.catalogue.npcName(id),
        figure: (id) => this.catalogue.figureOf(id),
        exit: (exit) => this.exitName(exit),
        lock: (exit) => lockOf(exit, this.language),
        object: (thing) => this.catalogue.objectName(thing.object_type, thing.state, thing.guild),
        kind: (type) => this.catalogue.all().objects[type]?.kind ?? '',
        node: (type, charges) => nodeName(this.catalogue.nodeName(type), charges),
        mark: (npc) => this.markOf(npc),
        isMate: (player) => this.parties.isMember(player),
      },
      {
        walk: (walker) => this.zone.boardWalk(walker),
        speech: (player) => this.speeches.of(player),
      },
    );
  }

  private exitName(exit: ExitSeen): string {
    if (exit.to_zone === this.zone.zone()?.zone) return doorName(this.isOpen(exit.id));
    return this.catalogue.zoneName(exit.to_zone);
  }

  /** Doors back, and those that no room has to open, are always open. */
  private isOpen(exit: string): boolean {
    const opens = this.dungeons.inside()?.rooms.some((room) => room.opens === exit) ?? false;
    return !opens || (this.dungeons.run()?.open_doors.includes(exit) ?? false);
  }

  /** Who gives a quest that is not begun has something to offer; who waits for its end wants an answer. */
  private markOf(npc: string): 'none' | 'offer' | 'answer' {
    const given = Object.values(this.catalogue.all().quests).filter(({ giver }) => giver === npc);
    const states = new Map(this.quests.quests().map(({ quest, state }) => [quest, state]));
    if (given.some(({ id }) => states.get(id) === 'ready')) return 'answer';
    return given.some(({ id }) => ['available', undefined].includes(states.get(id)))
      ? 'offer'
      : 'none';
  }
}
