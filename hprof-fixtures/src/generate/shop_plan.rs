//! Where each object of a customer lies. Customers come in a few variants that repeat, so that the address of any
//! customer is arithmetic; what the variants hold is drawn from the seed.

use crate::layout::Layout;
use crate::splitmix::SplitMix64;
use crate::value::Kind;

/// Number of variants.
pub(crate) const VARIANTS: usize = 64;
/// Length of the table of a customer's map of orders, and of the array in a list of lines: the JDK's defaults.
pub(crate) const TABLE_LENGTH: usize = 16;
/// More lines than any order has.
pub(crate) const LIST_CAPACITY: usize = 10;

/// Shallow sizes of the classes of the shop.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sizes {
    pub(crate) node: u64,
    pub(crate) long: u64,
    pub(crate) string: u64,
    pub(crate) map: u64,
    pub(crate) list: u64,
    pub(crate) customer: u64,
    pub(crate) order: u64,
    pub(crate) line: u64,
}

/// A string and its bytes: offsets in the customer's block, length of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text {
    pub(crate) string: u64,
    pub(crate) array: u64,
    pub(crate) length: u32,
}

/// Offsets of an order's objects.
#[derive(Clone, Debug)]
pub(crate) struct OrderPlan {
    pub(crate) node: u64,
    pub(crate) number: u64,
    pub(crate) order: u64,
    pub(crate) list: u64,
    pub(crate) array: u64,
    pub(crate) note: Text,
    pub(crate) history: u64,
    pub(crate) history_length: u32,
    pub(crate) lines: Vec<LinePlan>,
}

/// Offsets of a line's objects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LinePlan {
    pub(crate) line: u64,
    pub(crate) price: u64,
    pub(crate) comment: Text,
}

/// One variant of a customer with all that is its own.
#[derive(Clone, Debug)]
pub(crate) struct CustomerPlan {
    pub(crate) node: u64,
    pub(crate) id: u64,
    pub(crate) customer: u64,
    pub(crate) name: Text,
    pub(crate) email: Text,
    pub(crate) map: u64,
    pub(crate) table: u64,
    pub(crate) orders: Vec<OrderPlan>,
    pub(crate) bytes: u64,
    /// Every object once, by offset.
    pub(crate) objects: Vec<Role>,
}

/// What an object is. The numbers are those of the order and the line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    CustomerNode,
    Id,
    Customer,
    Name,
    NameBytes,
    Email,
    EmailBytes,
    Map,
    Table,
    OrderNode(u8),
    Number(u8),
    Order(u8),
    List(u8),
    Array(u8),
    Note(u8),
    NoteBytes(u8),
    History(u8),
    Line(u8, u8),
    Price(u8, u8),
    Comment(u8, u8),
    CommentBytes(u8, u8),
}

struct Allocator {
    layout: Layout,
    sizes: Sizes,
    end: u64,
    objects: Vec<Role>,
}

impl Allocator {
    fn place(&mut self, role: Role, bytes: u64) -> u64 {
        self.objects.push(role);
        let offset = self.end;
        self.end += bytes;
        offset
    }

    fn array(&mut self, role: Role, kind: Kind, length: u64) -> u64 {
        self.place(role, self.layout.array_bytes(kind, length))
    }

    /// The bytes come first: `String` copies them before it exists.
    fn text(&mut self, string: Role, array: Role, length: u64) -> Text {
        let array = self.array(array, Kind::Byte, length);
        let string = self.place(string, self.sizes.string);
        Text { string, array, length: length as u32 }
    }
}

/// The variants.
pub(crate) fn plan(seed: u64, layout: Layout, sizes: Sizes) -> Vec<CustomerPlan> {
    let mut random = SplitMix64::new(seed);
    (0..VARIANTS).map(|_| customer(&mut random, layout, sizes)).collect()
}

fn customer(random: &mut SplitMix64, layout: Layout, sizes: Sizes) -> CustomerPlan {
    let mut at = Allocator { layout, sizes, end: 0, objects: Vec::new() };
    let id = at.place(Role::Id, sizes.long);
    let name = at.text(Role::Name, Role::NameBytes, 8 + random.below(16));
    let email = at.text(Role::Email, Role::EmailBytes, 20 + random.below(16));
    let customer = at.place(Role::Customer, sizes.customer);
    let map = at.place(Role::Map, sizes.map);
    let table = at.array(Role::Table, Kind::Ref, TABLE_LENGTH as u64);
    let order_count = 1 + random.below(5) as u8;
    let orders = (0..order_count).map(|o| order(random, &mut at, o)).collect();
    let node = at.place(Role::CustomerNode, sizes.node);
    CustomerPlan { node, id, customer, name, email, map, table, orders, bytes: at.end, objects: at.objects }
}

fn order(random: &mut SplitMix64, at: &mut Allocator, o: u8) -> OrderPlan {
    let sizes = at.sizes;
    let number = at.place(Role::Number(o), sizes.long);
    let order = at.place(Role::Order(o), sizes.order);
    let list = at.place(Role::List(o), sizes.list);
    let array = at.array(Role::Array(o), Kind::Ref, LIST_CAPACITY as u64);
    let note = at.text(Role::Note(o), Role::NoteBytes(o), 20 + random.below(60));
    let history_length = 4 + random.below(20) as u32;
    let history = at.array(Role::History(o), Kind::Int, u64::from(history_length));
    let line_count = 1 + random.below(5) as u8;
    let lines = (0..line_count)
        .map(|l| LinePlan {
            price: at.place(Role::Price(o, l), sizes.long),
            comment: at.text(Role::Comment(o, l), Role::CommentBytes(o, l), 12 + random.below(60)),
            line: at.place(Role::Line(o, l), sizes.line),
        })
        .collect();
    let node = at.place(Role::OrderNode(o), sizes.node);
    OrderPlan { node, number, order, list, array, note, history, history_length, lines }
}
