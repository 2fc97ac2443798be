//! What a dump says about a class and about the JVM that wrote it, as far as layout needs it.

use super::fields::FieldMix;
use crate::hprof::FieldType;

/// Java name of the class whose instances are the mirrors: their static fields are inside.
pub const CLASS: &str = "java.lang.Class";
/// Java name of the class that holds the stack of an unmounted virtual thread: as long as that stack.
pub const STACK_CHUNK: &str = "jdk.internal.vm.StackChunk";

/// One instance field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its name; only looked at in classes that are known to have `@Contended` fields.
    pub name: &'a str,
    /// What it holds.
    pub field_type: FieldType,
}

/// What the dump says about one class.
#[derive(Clone, Debug, Default)]
pub struct ClassShape<'a> {
    /// As Java writes it: `java.lang.String`, `byte[]`.
    pub name: &'a str,
    /// Position of its super class in the list of shapes; none for `java.lang.Object`, and for a class whose super class was lost.
    pub super_class: Option<u32>,
    /// Its own instance fields.
    pub fields: Vec<Field<'a>>,
    /// Its static fields, without pseudo fields such as `<resolved_references>`
    /// ([`is_pseudo_static`](super::hidden::is_pseudo_static)).
    pub statics: FieldMix,
    /// The `instance size` of its CLASS_DUMP: the sum of its fields on HotSpot, the true size of an instance on Android.
    pub declared_bytes: u32,
}

impl ClassShape<'_> {
    /// How many fields of each width it declares.
    pub fn field_mix(&self) -> FieldMix {
        self.fields.iter().map(|f| f.field_type).collect()
    }
}

/// What the dump says about the JVM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JvmFacts<'a> {
    /// Width of an id in the dump: 4 or 8.
    pub id_bytes: u32,
    /// `JAVA PROFILE 1.0.3`: written by Android.
    pub android: bool,
    /// The system property `java.version`, if the dump has it.
    pub java_version: Option<&'a str>,
    /// The system property `sun.arch.data.model`: 32 or 64. The hprof agent writes 32-bit ids on 64-bit JVMs too.
    pub data_model_bits: Option<u32>,
}

/// The release whose `String`, `Thread` and `Class` have these fields, for a dump that does not say. Of releases that look the same
/// the one that is met most.
pub fn release_by_shape(shapes: &[ClassShape<'_>]) -> Option<u16> {
    let find = |name: &str| shapes.iter().find(|shape| shape.name == name);
    let declares = |shape: &ClassShape<'_>, field: &str| shape.fields.iter().any(|f| f.name == field);
    let string = find("java.lang.String").filter(|string| declares(string, "value"))?;
    let newer = |class: &str, field: &str| find(class).is_some_and(|shape| declares(shape, field));
    Some(if declares(string, "offset") {
        6
    } else if declares(string, "hash32") {
        7
    } else if !declares(string, "coder") {
        8
    } else if !declares(string, "hashIsZero") {
        11
    } else if !newer("java.lang.Thread", "holder") {
        17
    } else if !newer(CLASS, "signers") {
        21
    } else {
        25
    })
}

impl JvmFacts<'_> {
    /// The feature release: 8 for `1.8.0_392`, 21 for `21.0.8`, 25 for `25-ea`.
    pub fn release(&self) -> Option<u16> {
        let mut numbers = self.java_version?.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u16>);
        match numbers.next()?.ok()? {
            0 => None,
            1 => numbers.next()?.ok(),
            release => Some(release),
        }
    }
}
