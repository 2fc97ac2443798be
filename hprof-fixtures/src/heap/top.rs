//! Records at the top of the file that are not the heap: mostly the hprof agent's.

use super::{ClassRef, HeapBuilder};
use crate::value::Addr;
use crate::wire::{Wire, tag};

/// One row of ALLOC_SITES.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllocSite {
    /// 0 for an object, otherwise the array's element type (1 for references, see [`crate::Kind::code`]).
    pub array: u8,
    /// Serial number of the class.
    pub class: u32,
    /// Serial number of the stack trace.
    pub trace: u32,
    /// Live bytes.
    pub live_bytes: u32,
    /// Live instances.
    pub live_instances: u32,
    /// Bytes ever allocated.
    pub allocated_bytes: u32,
    /// Instances ever allocated.
    pub allocated_instances: u32,
}

/// The ALLOC_SITES record.
#[derive(Clone, Debug, PartialEq)]
pub struct AllocSites {
    /// 1 incremental, 2 sorted by allocation, 4 after a forced collection.
    pub flags: u16,
    /// Cutoff ratio.
    pub cutoff: f32,
    /// Live bytes of all sites.
    pub live_bytes: u32,
    /// Live instances of all sites.
    pub live_instances: u32,
    /// Bytes ever allocated.
    pub allocated_bytes: u64,
    /// Instances ever allocated.
    pub allocated_instances: u64,
    /// The sites.
    pub sites: Vec<AllocSite>,
}

impl HeapBuilder {
    fn body(&self) -> Wire {
        Wire::new(self.id_size)
    }

    /// Any record at the top of the file; it is written before the heap.
    pub fn raw_record(&mut self, tag: u8, body: &[u8]) -> &mut Self {
        self.others.push((tag, body.to_vec()));
        self
    }

    /// UNLOAD_CLASS.
    pub fn unload_class(&mut self, class: ClassRef) -> &mut Self {
        let serial = self.class_serial(class);
        self.raw_record(tag::UNLOAD_CLASS, &serial.to_be_bytes())
    }

    /// The serial number that the class's first LOAD_CLASS record gives it.
    pub fn class_serial(&self, class: ClassRef) -> u32 {
        1 + self.classes[..class.index].iter().map(|class| class.load_records.max(1)).sum::<u32>()
    }

    /// ALLOC_SITES.
    pub fn alloc_sites(&mut self, sites: &AllocSites) -> &mut Self {
        let mut wire = self.body();
        wire.u2(sites.flags);
        wire.u4(sites.cutoff.to_bits());
        wire.u4(sites.live_bytes);
        wire.u4(sites.live_instances);
        wire.u8(sites.allocated_bytes);
        wire.u8(sites.allocated_instances);
        wire.u4(u32::try_from(sites.sites.len()).expect("few sites"));
        for site in &sites.sites {
            wire.u1(site.array);
            for number in [site.class, site.trace, site.live_bytes, site.live_instances] {
                wire.u4(number);
            }
            wire.u4(site.allocated_bytes);
            wire.u4(site.allocated_instances);
        }
        self.raw_record(tag::ALLOC_SITES, &wire.bytes)
    }

    /// HEAP_SUMMARY.
    pub fn heap_summary(
        &mut self,
        live_bytes: u32,
        live_instances: u32,
        allocated_bytes: u64,
        allocated_instances: u64,
    ) -> &mut Self {
        let mut wire = self.body();
        wire.u4(live_bytes);
        wire.u4(live_instances);
        wire.u8(allocated_bytes);
        wire.u8(allocated_instances);
        self.raw_record(tag::HEAP_SUMMARY, &wire.bytes)
    }

    /// START_THREAD.
    pub fn start_thread(
        &mut self,
        serial: u32,
        thread: Addr,
        trace: u32,
        name: &str,
        group: &str,
    ) -> &mut Self {
        let (name, group, parent) = (self.name(name), self.name(group), self.name("system"));
        let mut wire = self.body();
        wire.u4(serial);
        wire.addr(thread);
        wire.u4(trace);
        wire.id(name);
        wire.id(group);
        wire.id(parent);
        self.raw_record(tag::START_THREAD, &wire.bytes)
    }

    /// END_THREAD.
    pub fn end_thread(&mut self, serial: u32) -> &mut Self {
        self.raw_record(tag::END_THREAD, &serial.to_be_bytes())
    }

    /// CPU_SAMPLES: pairs of count and stack trace.
    pub fn cpu_samples(&mut self, samples: &[(u32, u32)]) -> &mut Self {
        let mut wire = self.body();
        wire.u4(samples.iter().map(|sample| sample.0).sum());
        wire.u4(u32::try_from(samples.len()).expect("few samples"));
        for &(count, trace) in samples {
            wire.u4(count);
            wire.u4(trace);
        }
        self.raw_record(tag::CPU_SAMPLES, &wire.bytes)
    }

    /// CONTROL_SETTINGS: 1 allocation traces on, 2 CPU sampling on; depth of the traces.
    pub fn control_settings(&mut self, flags: u32, depth: u16) -> &mut Self {
        let mut wire = self.body();
        wire.u4(flags);
        wire.u2(depth);
        self.raw_record(tag::CONTROL_SETTINGS, &wire.bytes)
    }
}
