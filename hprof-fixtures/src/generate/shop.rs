//! The shop: `Store.CUSTOMERS`, a HashMap of customers with orders, lines, texts and boxes, and a catalogue that
//! they share. Also the shop under ZGC. This file says where everything is; [`super::shop_write`] writes it.

use super::Shape;
use super::jvm::Place;
use super::shop_plan::{CustomerPlan, Sizes, VARIANTS, plan};
use super::shop_write::{write_catalogue, write_customer};
use super::writer::HeapWriter;
use crate::heap::{ClassRef, HeapBuilder};
use crate::value::Kind::{self, Int, Long, Ref};
use crate::value::{Addr, Value};
use std::io;

/// One product for so many customers.
const CUSTOMERS_PER_PRODUCT: u64 = 4;
/// Objects of a product: itself, its name, the name's bytes.
const PRODUCT_OBJECTS: u64 = 3;
/// Length of a product's name.
pub(crate) const PRODUCT_NAME_LENGTH: u32 = 20;
/// Customers that follow one another in the file under ZGC; then it jumps.
const ZGC_RUN: u64 = 64;
/// Largest table of a HashMap.
const LARGEST_CAPACITY: u64 = 1 << 29;

/// A class, the width of its fields in the file, and its instances' shallow size.
#[derive(Clone, Copy)]
pub(crate) struct Pojo {
    pub(crate) class: Addr,
    pub(crate) field_bytes: u32,
    pub(crate) bytes: u64,
}

/// The classes of the shop.
pub(crate) struct Classes {
    pub(crate) string: Pojo,
    pub(crate) long: Pojo,
    pub(crate) node: Pojo,
    pub(crate) map: Pojo,
    pub(crate) list: Pojo,
    pub(crate) customer: Pojo,
    pub(crate) order: Pojo,
    pub(crate) line: Pojo,
    pub(crate) product: Pojo,
    pub(crate) node_array: Addr,
    pub(crate) object_array: Addr,
}

/// Objects that many share.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) statuses: Vec<Addr>,
    pub(crate) currencies: Vec<Addr>,
    pub(crate) categories: Vec<Addr>,
    pub(crate) addresses: Vec<Addr>,
}

/// Offsets in a product's block.
pub(crate) struct ProductPlan {
    pub(crate) array: u64,
    pub(crate) string: u64,
    pub(crate) product: u64,
    pub(crate) bytes: u64,
}

/// Everything that is known before the bulk is written.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) classes: Classes,
    pub(crate) shared: Shared,
    variants: Vec<CustomerPlan>,
    /// Offset of each variant in a period of all of them.
    offsets: Vec<u64>,
    period_bytes: u64,
    pub(crate) product_plan: ProductPlan,
    pub(crate) customers: u64,
    pub(crate) products: u64,
    /// Length of the table of `Store.CUSTOMERS`.
    pub(crate) capacity: u64,
    /// Array of the list of products.
    pub(crate) catalogue: Addr,
    first_product: u64,
    /// Table of `Store.CUSTOMERS`.
    pub(crate) table: Addr,
    first_customer: u64,
}

impl World {
    /// Address of a customer's block.
    pub(crate) fn customer_block(&self, customer: u64) -> u64 {
        let (period, variant) = (customer / VARIANTS as u64, customer as usize % VARIANTS);
        self.first_customer + period * self.period_bytes + self.offsets[variant]
    }

    /// What is in it.
    pub(crate) fn customer_plan(&self, customer: u64) -> &CustomerPlan {
        &self.variants[customer as usize % VARIANTS]
    }

    /// Address of a product's block.
    pub(crate) fn product_block(&self, product: u64) -> u64 {
        self.first_product + product * self.product_plan.bytes
    }
}

/// The shape. See the [module](self).
pub(crate) struct Shop {
    objects: u64,
    seed: u64,
    place: Place,
    world: Option<World>,
}

impl Shop {
    pub(crate) fn new(objects: u64, seed: u64, place: Place) -> Self {
        Shop { objects, seed, place, world: None }
    }
}

impl Shape for Shop {
    fn define(&mut self, heap: &mut HeapBuilder) {
        let classes = define_classes(heap);
        let shared = define_shared(heap);
        let world = lay_out(classes, shared, self.objects, self.seed, self.place);
        define_store(heap, &world);
        self.world = Some(world);
    }

    fn objects(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        let world = self.world.as_ref().expect("`define` goes before `objects`");
        write_catalogue(out, world)?;
        if !self.place.zgc {
            return (0..world.customers).try_for_each(|customer| write_customer(out, world, customer, false));
        }
        let runs = world.customers.div_ceil(ZGC_RUN);
        let stride = coprime_stride(runs);
        for step in 0..runs {
            let first = (step * stride) % runs * ZGC_RUN;
            for customer in (first..(first + ZGC_RUN).min(world.customers)).rev() {
                write_customer(out, world, customer, true)?;
            }
        }
        Ok(())
    }
}

/// A step that visits all of `0..count` before it comes back: about the golden section, without a common divisor.
fn coprime_stride(count: u64) -> u64 {
    let divisor = |mut a: u64, mut b: u64| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let mut stride = (count as f64 * 0.618) as u64 | 1;
    while divisor(stride, count) != 1 {
        stride += 1;
    }
    stride
}

fn define_classes(heap: &mut HeapBuilder) -> Classes {
    let customer = heap
        .app_class("com.acme.shop.Customer")
        .field("orders", Ref)
        .field("referredBy", Ref)
        .field("email", Ref)
        .field("name", Ref)
        .field("id", Ref)
        .field("since", Long)
        .build();
    let order = heap
        .app_class("com.acme.shop.Order")
        .field("history", Ref)
        .field("lines", Ref)
        .field("shipTo", Ref)
        .field("status", Ref)
        .field("note", Ref)
        .field("customer", Ref)
        .field("number", Ref)
        .field("placed", Long)
        .build();
    let line = heap
        .app_class("com.acme.shop.Line")
        .field("currency", Ref)
        .field("comment", Ref)
        .field("price", Ref)
        .field("product", Ref)
        .field("order", Ref)
        .field("quantity", Int)
        .build();
    let product = heap
        .app_class("com.acme.shop.Product")
        .field("price", Kind::Double)
        .field("category", Ref)
        .field("name", Ref)
        .field("sku", Long)
        .build();
    let node_array = heap.class_named("java.util.HashMap$Node[]").address();
    let object_array = heap.class_named("java.lang.Object[]").address();
    for array in ["byte[]", "int[]"] {
        heap.class_named(array);
    }
    let [string, long, node, map, list] = [
        "java.lang.String",
        "java.lang.Long",
        "java.util.HashMap$Node",
        "java.util.HashMap",
        "java.util.ArrayList",
    ]
    .map(|name| heap.jdk_class(name));
    let pojo = |class: ClassRef| Pojo {
        class: class.address(),
        field_bytes: heap.field_bytes_of(class),
        bytes: heap.instance_bytes(class),
    };
    Classes {
        string: pojo(string),
        long: pojo(long),
        node: pojo(node),
        map: pojo(map),
        list: pojo(list),
        customer: pojo(customer),
        order: pojo(order),
        line: pojo(line),
        product: pojo(product),
        node_array,
        object_array,
    }
}

/// Enum constants, cities and categories.
fn define_shared(heap: &mut HeapBuilder) -> Shared {
    let statuses =
        define_enum(heap, "com.acme.shop.Status", &["NEW", "PAID", "SHIPPED", "DELIVERED", "RETURNED"]);
    let currencies = define_enum(heap, "com.acme.shop.Currency", &["EUR", "USD", "CNY", "JPY"]);
    let categories = ["Books", "Music", "Garden", "Kitchen", "Toys", "Tools", "Sports", "Health"];
    let categories = categories.iter().map(|category| heap.string(category)).collect();
    let address = heap
        .app_class("com.acme.shop.Address")
        .field("city", Ref)
        .field("street", Ref)
        .field("zip", Int)
        .build();
    let cities: Vec<Addr> =
        ["Hamburg", "\u{5317}\u{4eac}", "Lyon", "Oslo"].iter().map(|city| heap.string(city)).collect();
    let addresses = (0..256)
        .map(|i| {
            let street = heap.string(&format!("Market Street {i}"));
            heap.instance(
                address,
                &[Value::Ref(cities[i % 4]), Value::Ref(street), Value::Int(10_000 + i as i32)],
            )
        })
        .collect();
    Shared { statuses, currencies, categories, addresses }
}

fn define_enum(heap: &mut HeapBuilder, class: &str, names: &[&str]) -> Vec<Addr> {
    let base = heap.jdk_class("java.lang.Enum");
    let class_ref = heap.app_class(class).extends(base).build();
    let constants: Vec<Addr> = names
        .iter()
        .zip(0..)
        .map(|(name, ordinal)| {
            let text = heap.string(name);
            heap.instance_with(class_ref, &[("ordinal", Value::Int(ordinal)), ("name", Value::Ref(text))])
        })
        .collect();
    for (name, &constant) in names.iter().zip(&constants) {
        heap.static_field(class_ref, name, Value::Ref(constant));
    }
    let values = heap.object_array(&format!("{class}[]"), &constants);
    heap.static_field(class_ref, "$VALUES", Value::Ref(values));
    constants
}

fn lay_out(classes: Classes, shared: Shared, objects: u64, seed: u64, place: Place) -> World {
    let layout = place.layout;
    let sizes = Sizes {
        node: classes.node.bytes,
        long: classes.long.bytes,
        string: classes.string.bytes,
        map: classes.map.bytes,
        list: classes.list.bytes,
        customer: classes.customer.bytes,
        order: classes.order.bytes,
        line: classes.line.bytes,
    };
    let variants = plan(seed, layout, sizes);
    let mut period_bytes = 0;
    let mut period_objects = 0;
    let mut offsets = Vec::with_capacity(VARIANTS);
    for variant in &variants {
        offsets.push(period_bytes);
        period_bytes += variant.bytes;
        period_objects += variant.objects.len() as u64;
    }
    let for_products = VARIANTS as u64 * PRODUCT_OBJECTS / CUSTOMERS_PER_PRODUCT;
    let customers = (objects * VARIANTS as u64 / (period_objects + for_products)).max(1);
    let products = customers.div_ceil(CUSTOMERS_PER_PRODUCT);
    let capacity = (customers * 4).div_ceil(3).next_power_of_two().max(16);
    assert!(capacity <= LARGEST_CAPACITY, "a HashMap does not hold {customers} customers");

    let array_bytes = layout.array_bytes(Kind::Byte, u64::from(PRODUCT_NAME_LENGTH));
    let product_plan = ProductPlan {
        array: 0,
        string: array_bytes,
        product: array_bytes + classes.string.bytes,
        bytes: array_bytes + classes.string.bytes + classes.product.bytes,
    };
    let catalogue = place.bulk();
    let first_product = catalogue + layout.array_bytes(Ref, products);
    let table = first_product + products * product_plan.bytes;
    let first_customer = table + layout.array_bytes(Ref, capacity);
    World {
        seed,
        classes,
        shared,
        variants,
        offsets,
        period_bytes,
        product_plan,
        customers,
        products,
        capacity,
        catalogue: Addr(catalogue),
        first_product,
        table: Addr(table),
        first_customer,
    }
}

/// `Store` with the static fields that hold it all.
fn define_store(heap: &mut HeapBuilder, world: &World) {
    let int = |number: u64| Value::Int(i32::try_from(number).expect("sizes of a collection are ints"));
    let map = heap.jdk_class("java.util.HashMap");
    let customers = heap.instance_with(
        map,
        &[
            ("table", Value::Ref(world.table)),
            ("size", int(world.customers)),
            ("modCount", int(world.customers)),
            ("threshold", int(world.capacity / 4 * 3)),
            ("loadFactor", Value::Float(0.75)),
        ],
    );
    let list = heap.jdk_class("java.util.ArrayList");
    let products = heap.instance_with(
        list,
        &[
            ("elementData", Value::Ref(world.catalogue)),
            ("size", int(world.products)),
            ("modCount", int(world.products)),
        ],
    );
    heap.app_class("com.acme.shop.Store")
        .static_field("PRODUCTS", Value::Ref(products))
        .static_field("CUSTOMERS", Value::Ref(customers))
        .build();
}
