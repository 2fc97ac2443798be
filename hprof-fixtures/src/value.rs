//! Addresses and typed values.

/// The identifier of an object in the dump: its address. 0 is `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addr(pub u64);

impl Addr {
    /// `null`.
    pub const NULL: Addr = Addr(0);
}

/// The type of a field or an array element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A reference to an object.
    Ref,
    /// `boolean`, 1 byte.
    Boolean,
    /// `char`, 2 bytes.
    Char,
    /// `float`, 4 bytes.
    Float,
    /// `double`, 8 bytes.
    Double,
    /// `byte`, 1 byte.
    Byte,
    /// `short`, 2 bytes.
    Short,
    /// `int`, 4 bytes.
    Int,
    /// `long`, 8 bytes.
    Long,
}

impl Kind {
    /// The number that stands for the type in the file.
    pub const fn code(self) -> u8 {
        match self {
            Kind::Ref => 2,
            Kind::Boolean => 4,
            Kind::Char => 5,
            Kind::Float => 6,
            Kind::Double => 7,
            Kind::Byte => 8,
            Kind::Short => 9,
            Kind::Int => 10,
            Kind::Long => 11,
        }
    }

    /// Bytes of one value, where a reference takes `reference_bytes`.
    pub const fn bytes(self, reference_bytes: u32) -> u32 {
        match self {
            Kind::Ref => reference_bytes,
            Kind::Boolean | Kind::Byte => 1,
            Kind::Char | Kind::Short => 2,
            Kind::Float | Kind::Int => 4,
            Kind::Double | Kind::Long => 8,
        }
    }

    /// The name of the type in the Java language; `None` for a reference.
    pub const fn java_name(self) -> Option<&'static str> {
        match self {
            Kind::Ref => None,
            Kind::Boolean => Some("boolean"),
            Kind::Char => Some("char"),
            Kind::Float => Some("float"),
            Kind::Double => Some("double"),
            Kind::Byte => Some("byte"),
            Kind::Short => Some("short"),
            Kind::Int => Some("int"),
            Kind::Long => Some("long"),
        }
    }

    /// The zero that the JVM puts into a new object.
    pub const fn zero(self) -> Value {
        match self {
            Kind::Ref => Value::NULL,
            Kind::Boolean => Value::Boolean(false),
            Kind::Char => Value::Char(0),
            Kind::Float => Value::Float(0.0),
            Kind::Double => Value::Double(0.0),
            Kind::Byte => Value::Byte(0),
            Kind::Short => Value::Short(0),
            Kind::Int => Value::Int(0),
            Kind::Long => Value::Long(0),
        }
    }
}

/// A field's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A reference.
    Ref(Addr),
    /// A `boolean`.
    Boolean(bool),
    /// A `char`: one UTF-16 unit.
    Char(u16),
    /// A `float`.
    Float(f32),
    /// A `double`.
    Double(f64),
    /// A `byte`.
    Byte(i8),
    /// A `short`.
    Short(i16),
    /// An `int`.
    Int(i32),
    /// A `long`.
    Long(i64),
}

impl Value {
    /// The reference to nothing.
    pub const NULL: Value = Value::Ref(Addr::NULL);

    /// The type of this value.
    pub const fn kind(self) -> Kind {
        match self {
            Value::Ref(_) => Kind::Ref,
            Value::Boolean(_) => Kind::Boolean,
            Value::Char(_) => Kind::Char,
            Value::Float(_) => Kind::Float,
            Value::Double(_) => Kind::Double,
            Value::Byte(_) => Kind::Byte,
            Value::Short(_) => Kind::Short,
            Value::Int(_) => Kind::Int,
            Value::Long(_) => Kind::Long,
        }
    }
}

impl From<Addr> for Value {
    fn from(address: Addr) -> Self {
        Value::Ref(address)
    }
}

/// The elements of a primitive array.
#[derive(Clone, Debug, PartialEq)]
pub enum PrimitiveArray {
    /// `boolean[]`
    Boolean(Vec<bool>),
    /// `char[]`
    Char(Vec<u16>),
    /// `float[]`
    Float(Vec<f32>),
    /// `double[]`
    Double(Vec<f64>),
    /// `byte[]`, as raw bytes
    Byte(Vec<u8>),
    /// `short[]`
    Short(Vec<i16>),
    /// `int[]`
    Int(Vec<i32>),
    /// `long[]`
    Long(Vec<i64>),
}

impl PrimitiveArray {
    /// An array of `length` zeros. Panics for [`Kind::Ref`].
    pub fn zeros(kind: Kind, length: usize) -> Self {
        match kind {
            Kind::Ref => panic!("an array of references is not primitive"),
            Kind::Boolean => PrimitiveArray::Boolean(vec![false; length]),
            Kind::Char => PrimitiveArray::Char(vec![0; length]),
            Kind::Float => PrimitiveArray::Float(vec![0.0; length]),
            Kind::Double => PrimitiveArray::Double(vec![0.0; length]),
            Kind::Byte => PrimitiveArray::Byte(vec![0; length]),
            Kind::Short => PrimitiveArray::Short(vec![0; length]),
            Kind::Int => PrimitiveArray::Int(vec![0; length]),
            Kind::Long => PrimitiveArray::Long(vec![0; length]),
        }
    }

    /// The element type.
    pub const fn kind(&self) -> Kind {
        match self {
            PrimitiveArray::Boolean(_) => Kind::Boolean,
            PrimitiveArray::Char(_) => Kind::Char,
            PrimitiveArray::Float(_) => Kind::Float,
            PrimitiveArray::Double(_) => Kind::Double,
            PrimitiveArray::Byte(_) => Kind::Byte,
            PrimitiveArray::Short(_) => Kind::Short,
            PrimitiveArray::Int(_) => Kind::Int,
            PrimitiveArray::Long(_) => Kind::Long,
        }
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        match self {
            PrimitiveArray::Boolean(v) => v.len(),
            PrimitiveArray::Char(v) => v.len(),
            PrimitiveArray::Float(v) => v.len(),
            PrimitiveArray::Double(v) => v.len(),
            PrimitiveArray::Byte(v) => v.len(),
            PrimitiveArray::Short(v) => v.len(),
            PrimitiveArray::Int(v) => v.len(),
            PrimitiveArray::Long(v) => v.len(),
        }
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements in file order (big-endian).
    pub(crate) fn to_be_bytes(&self) -> Vec<u8> {
        match self {
            PrimitiveArray::Boolean(v) => v.iter().map(|&b| u8::from(b)).collect(),
            PrimitiveArray::Char(v) => v.iter().flat_map(|x| x.to_be_bytes()).collect(),
            PrimitiveArray::Float(v) => v.iter().flat_map(|x| x.to_be_bytes()).collect(),
            PrimitiveArray::Double(v) => v.iter().flat_map(|x| x.to_be_bytes()).collect(),
            PrimitiveArray::Byte(v) => v.clone(),
            PrimitiveArray::Short(v) => v.iter().flat_map(|x| x.to_be_bytes()).collect(),
            PrimitiveArray::Int(v) => v.iter().flat_map(|x| x.to_be_bytes()).collect(),
            PrimitiveArray::Long(v) => v.iter().flat_map(|x| x.to_be_bytes()).collect(),
        }
    }
}
