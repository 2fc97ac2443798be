//! The shop's objects as bytes: the catalogue, then block after block of customers. All that is random is a hash
//! of the seed and the object's number, so blocks can be written in any order.

use super::shop::{PRODUCT_NAME_LENGTH, Pojo, World};
use super::shop_plan::{CustomerPlan, LIST_CAPACITY, OrderPlan, Role, TABLE_LENGTH, Text};
use super::writer::HeapWriter;
use crate::heap::spread;
use crate::splitmix::mix;
use crate::value::{Addr, Kind};
use std::io;

/// Texts that many lines have in common, and how many of 100 lines have one of them.
const COMMON_COMMENTS: u64 = 512;
const COMMON_PERCENT: u64 = 30;
const EMAIL_END: &[u8] = b"@acme.example";
/// 2020-01-01, in milliseconds since 1970.
const OPENED: u64 = 1_577_836_800_000;
const FIVE_YEARS: u64 = 5 * 365 * 86_400_000;

/// The list of products, the products, the table of customers.
pub(crate) fn write_catalogue(out: &mut HeapWriter<'_>, world: &World) -> io::Result<()> {
    let (classes, plan) = (&world.classes, &world.product_plan);
    out.object_array(world.catalogue, classes.object_array, world.products, |product| {
        Addr(world.product_block(product) + plan.product)
    })?;
    for product in 0..world.products {
        let block = world.product_block(product);
        let random = mix(world.seed ^ mix(product));
        let name = Text { string: plan.string, array: plan.array, length: PRODUCT_NAME_LENGTH };
        write_text_bytes(out, block, name, random, b"")?;
        write_string(out, world, block, name)?;
        instance(out, Addr(block + plan.product), classes.product);
        out.fields().u8((1.0 + (random % 10_000) as f64 / 100.0).to_bits());
        out.reference(pick(&world.shared.categories, random));
        out.reference(Addr(block + plan.string));
        out.fields().u8(product);
        out.end()?;
    }
    out.object_array(world.table, classes.node_array, world.capacity, |bucket| {
        let customer = bucket ^ (bucket >> 16); // undoes `HashMap.hash` of a Long below 2^32
        if customer < world.customers {
            Addr(world.customer_block(customer) + world.customer_plan(customer).node)
        } else {
            Addr::NULL
        }
    })
}

/// One customer with all that is its own; `backwards` from the last address to the first.
pub(crate) fn write_customer(
    out: &mut HeapWriter<'_>,
    world: &World,
    customer: u64,
    backwards: bool,
) -> io::Result<()> {
    let writer = CustomerWriter::new(world, customer);
    if backwards {
        writer.plan.objects.iter().rev().try_for_each(|&role| writer.write(out, role))
    } else {
        writer.plan.objects.iter().try_for_each(|&role| writer.write(out, role))
    }
}

fn pick(pool: &[Addr], random: u64) -> Addr {
    pool[random as usize % pool.len()]
}

fn instance(out: &mut HeapWriter<'_>, address: Addr, pojo: Pojo) {
    out.instance(address, pojo.class, pojo.field_bytes);
}

fn write_string(out: &mut HeapWriter<'_>, world: &World, block: u64, text: Text) -> io::Result<()> {
    instance(out, Addr(block + text.string), world.classes.string);
    out.fields().raw(&[0; 6]); // hashIsZero, hash, coder: Latin-1, never hashed
    out.reference(Addr(block + text.array));
    out.end()
}

/// Letters from a to p that `random` chooses, then `end`.
fn write_text_bytes(
    out: &mut HeapWriter<'_>,
    block: u64,
    text: Text,
    random: u64,
    end: &[u8],
) -> io::Result<()> {
    out.primitive_array(Addr(block + text.array), Kind::Byte, text.length);
    let mut left = text.length as usize - end.len();
    let mut word = random;
    while left > 0 {
        word = mix(word.wrapping_add(1));
        let letters = (word & 0x0f0f_0f0f_0f0f_0f0f) + 0x6161_6161_6161_6161;
        let count = left.min(8);
        out.fields().raw(&letters.to_be_bytes()[..count]);
        left -= count;
    }
    out.fields().raw(end);
    out.end()
}

/// What is worked out once for a customer: the map of its orders.
struct CustomerWriter<'a> {
    world: &'a World,
    plan: &'a CustomerPlan,
    block: u64,
    customer: u64,
    random: u64,
    hashes: [i32; 8],
    next: [Addr; 8],
    heads: [Addr; TABLE_LENGTH],
}

impl<'a> CustomerWriter<'a> {
    fn new(world: &'a World, customer: u64) -> Self {
        let plan = world.customer_plan(customer);
        let mut writer = CustomerWriter {
            world,
            plan,
            block: world.customer_block(customer),
            customer,
            random: mix(world.seed.wrapping_add(mix(customer))),
            hashes: [0; 8],
            next: [Addr::NULL; 8],
            heads: [Addr::NULL; TABLE_LENGTH],
        };
        for (index, order) in plan.orders.iter().enumerate() {
            let number = writer.number(index);
            let hash = spread((number ^ number >> 32) as u32 as i32);
            let bucket = hash.cast_unsigned() as usize % TABLE_LENGTH;
            writer.hashes[index] = hash;
            writer.next[index] = writer.heads[bucket];
            writer.heads[bucket] = writer.at(order.node);
        }
        writer
    }

    fn at(&self, offset: u64) -> Addr {
        Addr(self.block + offset)
    }

    /// The number of an order: positive, and collisions in the map as often as among random ones.
    fn number(&self, order: usize) -> u64 {
        self.draw(order as u64) >> 1
    }

    /// The random number of something of this customer.
    fn draw(&self, thing: u64) -> u64 {
        mix(self.random ^ (thing << 32))
    }

    fn order(&self, order: u8) -> &OrderPlan {
        &self.plan.orders[usize::from(order)]
    }

    fn write(&self, out: &mut HeapWriter<'_>, role: Role) -> io::Result<()> {
        let plan = self.plan;
        match role {
            Role::CustomerNode => {
                self.node(out, plan.node, Addr::NULL, plan.customer, plan.id, self.customer_hash())
            }
            Role::Id => self.boxed(out, plan.id, self.customer),
            Role::Customer => self.customer(out),
            Role::Name => write_string(out, self.world, self.block, plan.name),
            Role::NameBytes => write_text_bytes(out, self.block, plan.name, self.draw(100), b""),
            Role::Email => write_string(out, self.world, self.block, plan.email),
            Role::EmailBytes => write_text_bytes(out, self.block, plan.email, self.draw(101), EMAIL_END),
            Role::Map => self.map(out),
            Role::Table => {
                let class = self.world.classes.node_array;
                out.object_array(self.at(plan.table), class, TABLE_LENGTH as u64, |i| self.heads[i as usize])
            }
            Role::OrderNode(o) => {
                let (order, index) = (self.order(o), usize::from(o));
                self.node(out, order.node, self.next[index], order.order, order.number, self.hashes[index])
            }
            Role::Number(o) => self.boxed(out, self.order(o).number, self.number(usize::from(o))),
            Role::Order(o) => self.order_object(out, o),
            Role::List(o) => {
                let order = self.order(o);
                let lines = order.lines.len() as u32;
                instance(out, self.at(order.list), self.world.classes.list);
                out.fields().u4(lines); // size
                out.reference(self.at(order.array));
                out.fields().u4(lines); // modCount
                out.end()
            }
            Role::Array(o) => {
                let order = self.order(o);
                let class = self.world.classes.object_array;
                out.object_array(self.at(order.array), class, LIST_CAPACITY as u64, |i| {
                    order.lines.get(i as usize).map_or(Addr::NULL, |line| self.at(line.line))
                })
            }
            Role::Note(o) => write_string(out, self.world, self.block, self.order(o).note),
            Role::NoteBytes(o) => {
                write_text_bytes(out, self.block, self.order(o).note, self.draw(200 + u64::from(o)), b"")
            }
            Role::History(o) => {
                let order = self.order(o);
                out.primitive_array(self.at(order.history), Kind::Int, order.history_length);
                for step in 0..order.history_length {
                    out.fields().u4(step * 3600);
                }
                out.end()
            }
            Role::Line(o, l) => self.line(out, o, l),
            Role::Price(o, l) => {
                let cents = self.draw(300 + line_number(o, l)) % 100_000;
                self.boxed(out, self.order(o).lines[usize::from(l)].price, cents)
            }
            Role::Comment(o, l) => {
                write_string(out, self.world, self.block, self.order(o).lines[usize::from(l)].comment)
            }
            Role::CommentBytes(o, l) => {
                let random = self.draw(400 + line_number(o, l));
                let text =
                    if random % 100 < COMMON_PERCENT { random / 100 % COMMON_COMMENTS } else { random };
                write_text_bytes(out, self.block, self.order(o).lines[usize::from(l)].comment, text, b"")
            }
        }
    }

    fn customer_hash(&self) -> i32 {
        spread(self.customer as u32 as i32)
    }

    fn boxed(&self, out: &mut HeapWriter<'_>, offset: u64, value: u64) -> io::Result<()> {
        instance(out, self.at(offset), self.world.classes.long);
        out.fields().u8(value);
        out.end()
    }

    fn node(
        &self,
        out: &mut HeapWriter<'_>,
        offset: u64,
        next: Addr,
        value: u64,
        key: u64,
        hash: i32,
    ) -> io::Result<()> {
        instance(out, self.at(offset), self.world.classes.node);
        out.reference(next);
        out.reference(self.at(value));
        out.reference(self.at(key));
        out.fields().u4(hash.cast_unsigned());
        out.end()
    }

    fn map(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        let size = self.plan.orders.len() as u32;
        instance(out, self.at(self.plan.map), self.world.classes.map);
        out.fields().u4(0.75f32.to_bits()); // loadFactor
        out.fields().u4(TABLE_LENGTH as u32 * 3 / 4); // threshold
        out.fields().u4(size); // modCount
        out.fields().u4(size);
        out.reference(Addr::NULL); // entrySet
        out.reference(self.at(self.plan.table));
        out.reference(Addr::NULL); // values
        out.reference(Addr::NULL); // keySet
        out.end()
    }

    fn customer(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        let (plan, world) = (self.plan, self.world);
        instance(out, self.at(plan.customer), world.classes.customer);
        out.reference(self.at(plan.map));
        let referrer = self.draw(1) % world.customers;
        out.reference(Addr(world.customer_block(referrer) + world.customer_plan(referrer).customer));
        out.reference(self.at(plan.email.string));
        out.reference(self.at(plan.name.string));
        out.reference(self.at(plan.id));
        out.fields().u8(OPENED + self.draw(2) % FIVE_YEARS);
        out.end()
    }

    fn order_object(&self, out: &mut HeapWriter<'_>, o: u8) -> io::Result<()> {
        let (order, world) = (self.order(o), self.world);
        let random = self.draw(500 + u64::from(o));
        instance(out, self.at(order.order), world.classes.order);
        out.reference(self.at(order.history));
        out.reference(self.at(order.list));
        out.reference(pick(&world.shared.addresses, random));
        out.reference(pick(&world.shared.statuses, random >> 16));
        out.reference(self.at(order.note.string));
        out.reference(self.at(self.plan.customer));
        out.reference(self.at(order.number));
        out.fields().u8(OPENED + random % FIVE_YEARS);
        out.end()
    }

    fn line(&self, out: &mut HeapWriter<'_>, o: u8, l: u8) -> io::Result<()> {
        let (order, world) = (self.order(o), self.world);
        let line = order.lines[usize::from(l)];
        let random = self.draw(600 + line_number(o, l));
        instance(out, self.at(line.line), world.classes.line);
        out.reference(pick(&world.shared.currencies, random));
        out.reference(self.at(line.comment.string));
        out.reference(self.at(line.price));
        let product = (random >> 8) % world.products;
        out.reference(Addr(world.product_block(product) + world.product_plan.product));
        out.reference(self.at(order.order));
        out.fields().u4(1 + (random % 9) as u32);
        out.end()
    }
}

/// Number of a line among all of a customer.
fn line_number(order: u8, line: u8) -> u64 {
    u64::from(order) * 8 + u64::from(line)
}
