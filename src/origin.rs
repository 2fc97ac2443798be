//! Whose code a class is: the JDK's, a known library's, or the application's own.
//!
//! Owns the lists of package prefixes; knows names alone. They decide nothing but which of several fields on a path is shown as the holder: the one
//! that the reader of the report can go and change.

/// Whose code a class is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The JDK.
    Jdk,
    /// A library that many applications use.
    Library,
    /// Everything else.
    Application,
}

/// Packages of the JDK and of the JVM.
const JDK: &[&str] = &[
    "java.",
    "sun.",
    "jdk.",
    "com.sun.",
    "javax.accessibility.",
    "javax.crypto.",
    "javax.imageio.",
    "javax.lang.model.",
    "javax.management.",
    "javax.naming.",
    "javax.net.",
    "javax.print.",
    "javax.rmi.",
    "javax.script.",
    "javax.security.",
    "javax.smartcardio.",
    "javax.sound.",
    "javax.sql.",
    "javax.swing.",
    "javax.tools.",
    "javax.transaction.xa.",
    "javax.xml.",
    "org.ietf.jgss.",
    "org.w3c.dom.",
    "org.xml.sax.",
    "netscape.javascript.",
    "apple.",
    "libcore.",
    "dalvik.",
    "android.",
    "com.android.",
    "oracle.jrockit.",
    "com.ibm.oti.",
    "com.sap.jvm.",
];

/// Packages of libraries and frameworks.
const LIBRARIES: &[&str] = &[
    "ai.djl.",
    "akka.",
    "antlr.",
    "brave.",
    "cern.colt.",
    "cern.jet.",
    "ch.qos.logback.",
    "clojure.",
    "cn.hutool.",
    "com.alibaba.csp.",
    "com.alibaba.druid.",
    "com.alibaba.excel.",
    "com.alibaba.fastjson",
    "com.alibaba.nacos.",
    "com.alibaba.ttl.",
    "com.amazonaws.",
    "com.arangodb.",
    "com.baomidou.",
    "com.carrotsearch.",
    "com.clearspring.",
    "com.codahale.",
    "com.couchbase.",
    "com.cronutils.",
    "com.ctc.wstx.",
    "com.datastax.",
    "com.esotericsoftware.",
    "com.espertech.",
    "com.fasterxml.",
    "com.gargoylesoftware.",
    "com.github.benmanes.",
    "com.github.davidmoten.",
    "com.github.fge.",
    "com.github.jknack.",
    "com.github.luben.",
    "com.github.mustachejava.",
    "com.github.tomakehurst.",
    "com.google.api.",
    "com.google.auth.",
    "com.google.cloud.",
    "com.google.common.",
    "com.google.firebase.",
    "com.google.gson.",
    "com.google.inject.",
    "com.google.protobuf.",
    "com.googlecode.",
    "com.graphhopper.",
    "com.h2database.",
    "com.hazelcast.",
    "com.hivemq.",
    "com.hubspot.",
    "com.ibatis.",
    "com.icegreen.",
    "com.influxdb.",
    "com.itextpdf.",
    "com.jayway.",
    "com.jcraft.",
    "com.jolbox.",
    "com.koloboke.",
    "com.linecorp.",
    "com.lmax.",
    "com.lowagie.",
    "com.mchange.",
    "com.microsoft.",
    "com.mongodb.",
    "com.mysql.",
    "com.netflix.",
    "com.networknt.",
    "com.ning.",
    "com.opencsv.",
    "com.opensymphony.",
    "com.oracle.",
    "com.orbitz.",
    "com.orientechnologies.",
    "com.pusher.",
    "com.querydsl.",
    "com.rabbitmq.",
    "com.sendgrid.",
    "com.sleepycat.",
    "com.squareup.",
    "com.sshtools.",
    "com.tdunning.",
    "com.thoughtworks.xstream.",
    "com.twilio.",
    "com.typesafe.",
    "com.unboundid.",
    "com.univocity.",
    "com.vaadin.",
    "com.vividsolutions.",
    "com.yammer.",
    "com.zaxxer.",
    "dagger.",
    "dev.failsafe.",
    "dev.langchain4j.",
    "edu.emory.mathcs.",
    "feign.",
    "fi.iki.elonen.",
    "freemarker.",
    "gnu.",
    "gov.nist.",
    "graphql.",
    "groovy.",
    "groovyjarjar",
    "groovyx.",
    "io.activej.",
    "io.aeron.",
    "io.agroal.",
    "io.airlift.",
    "io.camunda.",
    "io.dropwizard.",
    "io.ebean.",
    "io.fabric8.",
    "io.github.bucket4j.",
    "io.github.classgraph.",
    "io.github.resilience4j.",
    "io.grpc.",
    "io.helidon.",
    "io.jaegertracing.",
    "io.javalin.",
    "io.jsonwebtoken.",
    "io.ktor.",
    "io.kubernetes.",
    "io.lettuce.",
    "io.micrometer.",
    "io.micronaut.",
    "io.minio.",
    "io.nats.",
    "io.netty.",
    "io.opencensus.",
    "io.opentelemetry.",
    "io.opentracing.",
    "io.pebbletemplates.",
    "io.perfmark.",
    "io.projectreactor.",
    "io.prometheus.",
    "io.protostuff.",
    "io.quarkus.",
    "io.questdb.",
    "io.r2dbc.",
    "io.reactivex.",
    "io.rsocket.",
    "io.sentry.",
    "io.smallrye.",
    "io.swagger.",
    "io.temporal.",
    "io.undertow.",
    "io.vavr.",
    "io.vertx.",
    "io.zipkin.",
    "it.sauronsoftware.",
    "it.unimi.",
    "jakarta.",
    "javassist.",
    "javax.",
    "javolution.",
    "jodd.",
    "junit.",
    "kotlin.",
    "kotlinx.",
    "liquibase.",
    "lombok.",
    "net.bytebuddy.",
    "net.java.",
    "net.jodah.",
    "net.jpountz.",
    "net.lingala.",
    "net.logstash.",
    "net.minidev.",
    "net.openhft.",
    "net.sf.",
    "net.sourceforge.",
    "net.spy.",
    "net.time4j.",
    "nl.basjes.",
    "nonapi.",
    "nu.xom.",
    "ognl.",
    "okhttp3.",
    "okio.",
    "opennlp.",
    "oracle.",
    "org.activiti.",
    "org.agrona.",
    "org.antlr.",
    "org.aopalliance.",
    "org.apache.",
    "org.apfloat.",
    "org.aspectj.",
    "org.assertj.",
    "org.asynchttpclient.",
    "org.atmosphere.",
    "org.axonframework.",
    "org.beanshell.",
    "org.bouncycastle.",
    "org.bson.",
    "org.cache2k.",
    "org.caffinitas.",
    "org.camunda.",
    "org.checkerframework.",
    "org.cliffc.",
    "org.codehaus.",
    "org.cometd.",
    "org.commonmark.",
    "org.conscrypt.",
    "org.deeplearning4j.",
    "org.dhatim.",
    "org.dizitart.",
    "org.dom4j.",
    "org.drools.",
    "org.eclipse.",
    "org.ehcache.",
    "org.ejml.",
    "org.elasticsearch.",
    "org.everit.",
    "org.flowable.",
    "org.fluentd.",
    "org.flywaydb.",
    "org.freedesktop.",
    "org.freemarker.",
    "org.fusesource.",
    "org.geotools.",
    "org.glassfish.",
    "org.graalvm.",
    "org.gradle.",
    "org.gridgain.",
    "org.h2.",
    "org.hamcrest.",
    "org.hdrhistogram.",
    "org.hibernate.",
    "org.hsqldb.",
    "org.htmlunit.",
    "org.infinispan.",
    "org.influxdb.",
    "org.intellij.",
    "org.iq80.",
    "org.jasypt.",
    "org.java_websocket.",
    "org.javassist.",
    "org.jboss.",
    "org.jctools.",
    "org.jdbcdslog.",
    "org.jdbi.",
    "org.jdom",
    "org.jetbrains.",
    "org.jfree.",
    "org.jgrapht.",
    "org.jgroups.",
    "org.jheaps.",
    "org.jline.",
    "org.jobrunr.",
    "org.joda.",
    "org.jolokia.",
    "org.jooq.",
    "org.jruby.",
    "org.json.",
    "org.jsoup.",
    "org.jspecify.",
    "org.junit.",
    "org.jvnet.",
    "org.jxls.",
    "org.keycloak.",
    "org.kie.",
    "org.knowm.",
    "org.kohsuke.",
    "org.lmdbjava.",
    "org.locationtech.",
    "org.luaj.",
    "org.lz4.",
    "org.mapdb.",
    "org.mapstruct.",
    "org.mariadb.",
    "org.mockito.",
    "org.mongodb.",
    "org.mortbay.",
    "org.mozilla.",
    "org.msgpack.",
    "org.mvel2.",
    "org.mybatis.",
    "org.nanohttpd.",
    "org.nd4j.",
    "org.neo4j.",
    "org.objectweb.",
    "org.objenesis.",
    "org.odftoolkit.",
    "org.ojalgo.",
    "org.opencv.",
    "org.opengis.",
    "org.openqa.",
    "org.opensaml.",
    "org.opensearch.",
    "org.openxmlformats.",
    "org.osgi.",
    "org.ow2.",
    "org.pcap4j.",
    "org.pcollections.",
    "org.pf4j.",
    "org.picocontainer.",
    "org.postgresql.",
    "org.primefaces.",
    "org.python.",
    "org.quartz.",
    "org.reactfx.",
    "org.reactivestreams.",
    "org.redisson.",
    "org.reflections.",
    "org.renjin.",
    "org.restlet.",
    "org.roaringbitmap.",
    "org.rocksdb.",
    "org.rrd4j.",
    "org.scala",
    "org.simpleflatmapper.",
    "org.simpleframework.",
    "org.slf4j.",
    "org.snakeyaml.",
    "org.snmp4j.",
    "org.sonatype.",
    "org.springframework.",
    "org.sqlite.",
    "org.stringtemplate.",
    "org.synchronoss.",
    "org.teavm.",
    "org.tensorflow.",
    "org.terracotta.",
    "org.testcontainers.",
    "org.thymeleaf.",
    "org.tinylog.",
    "org.tukaani.",
    "org.web3j.",
    "org.webjars.",
    "org.wildfly.",
    "org.xerial.",
    "org.xmlpull.",
    "org.xnio.",
    "org.yaml.",
    "org.zeromq.",
    "org.zeroturnaround.",
    "play.",
    "quickfix.",
    "ratpack.",
    "reactor.",
    "redis.clients.",
    "retrofit2.",
    "rx.",
    "scala.",
    "schemaorg_apache_xmlbeans.",
    "software.amazon.",
    "springfox.",
    "tech.ydb.",
    "ucar.",
    "weka.",
    "zio.",
    "zipkin2.",
    "zmq.",
];

/// Whose code a class of that name is. Arrays count to their elements; arrays of primitives to the JDK.
pub fn origin_of_name(name: &str) -> Origin {
    let element = name.trim_end_matches("[]");
    let is_primitive =
        || matches!(element, "boolean" | "byte" | "char" | "short" | "int" | "long" | "float" | "double");
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| element.starts_with(prefix));
    // The JDK makes a proxy for an interface that is not public in the package of that.
    let is_proxy = || element.rsplit('.').next().is_some_and(|simple| simple.starts_with("$Proxy"));
    if begins(JDK) || (element.len() != name.len() && is_primitive()) {
        Origin::Jdk
    } else if begins(LIBRARIES) || is_proxy() {
        Origin::Library
    } else {
        Origin::Application
    }
}

/// Fields that stand in no source: what lambdas and inner classes capture, what proxies keep, what the JVM shows as static fields.
pub fn is_made_by_compiler(class: &str, field: &str) -> bool {
    const CLASSES: [&str; 7] = [
        "$$Lambda",
        "$$EnhancerBy",
        "$$FastClassBy",
        "$$SpringCGLIB",
        "$HibernateProxy$",
        "$MockitoMock$",
        "_$$_jvst",
    ];
    const FIELDS: [&str; 7] = ["this$", "val$", "arg$", "CGLIB$", "<", "$assertionsDisabled", "$SwitchMap$"];
    CLASSES.iter().any(|part| class.contains(part)) || FIELDS.iter().any(|begin| field.starts_with(begin))
}

/// Packages whose classes are collections: what they hold says more than they do.
const COLLECTION_LIBRARIES: &[&str] = &[
    "cern.colt.",
    "clojure.lang.Persistent",
    "com.carrotsearch.hppc.",
    "com.google.common.collect.",
    "com.googlecode.concurrentlinkedhashmap.",
    "com.koloboke.collect.",
    "gnu.trove.",
    "io.netty.util.collection.",
    "io.netty.util.internal.DefaultPriorityQueue",
    "io.netty.util.internal.shaded.org.jctools.",
    "io.vavr.collection.",
    "it.unimi.dsi.fastutil.",
    "javolution.util.",
    "kotlin.collections.",
    "kotlinx.collections.immutable.",
    "org.agrona.collections.",
    "org.apache.commons.collections",
    "org.cliffc.high_scale_lib.",
    "org.eclipse.collections.",
    "org.hsqldb.lib.",
    "org.jctools.queues.",
    "org.jctools.maps.",
    "org.pcollections.",
    "scala.collection.",
];

/// Whether a class of that name belongs to a library of collections, or is a collection that a library has made for itself.
pub fn is_of_collections(name: &str) -> bool {
    is_collection_library(name) || is_collection_of_library(name)
}

/// Whether a class of that name belongs to a library of collections.
pub fn is_collection_library(name: &str) -> bool {
    COLLECTION_LIBRARIES.iter().any(|package| name.starts_with(package))
}

/// Whether a class is called as collections or their parts are.
pub fn is_called_a_collection(name: &str) -> bool {
    const KINDS: &[&str] = &["List", "Map", "Set", "Queue", "Deque", "Table", "Bag"];
    let class = name.rsplit_once('.').map_or(name, |(_, class)| class);
    let outer = class.split('$').next().unwrap_or(class);
    let kind = outer.strip_suffix("Impl").unwrap_or(outer);
    KINDS.iter().any(|end| kind.ends_with(end))
}

/// Whether a class is a collection by its own name and that of its package, as `org.apache.activemq.artemis.utils.collections.LinkedListImpl` is, and
/// a library's.
fn is_collection_of_library(name: &str) -> bool {
    const PACKAGES: &[&str] = &["util", "utils", "collection", "collections", "collect"];
    const WITHIN: &[&str] = &["concurrent", "internal"];
    let Some((package, _)) = name.rsplit_once('.') else { return false };
    let mut parts = package.rsplit('.').skip_while(|part| WITHIN.contains(part));
    parts.next().is_some_and(|part| PACKAGES.contains(&part))
        && is_called_a_collection(name)
        && origin_of_name(name) == Origin::Library
}

/// The package that all classes of a library are in, about: `com.netflix.hystrix` of `com.netflix.hystrix.metric.Stream`. Most libraries have three parts
/// of a package in common, no more and no fewer.
pub fn library_of(class: &str) -> &str {
    /// Under these are many libraries.
    const ROOFS: &[&str] = &["org.apache.commons.", "com.google.common.", "org.springframework.cloud."];
    let parts = if ROOFS.iter().any(|roof| class.starts_with(roof)) { 4 } else { 3 };
    let package = class.rfind('.').map_or("", |dot| &class[..dot]);
    let end = package.match_indices('.').nth(parts - 1);
    end.map_or(package, |(dot, _)| &package[..dot])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packages_of_a_library_begin_alike() {
        assert_eq!(library_of("com.netflix.hystrix.metric.consumer.Stream"), "com.netflix.hystrix");
        assert_eq!(library_of("com.netflix.hystrix.HystrixCommand$1"), "com.netflix.hystrix");
        assert_eq!(library_of("org.apache.commons.pool2.impl.Pool"), "org.apache.commons.pool2");
        assert_eq!(library_of("okio.Buffer"), "okio");
        assert_eq!(library_of("Main"), "");
    }

    #[test]
    fn tells_whose_code_it_is() {
        assert_eq!(origin_of_name("java.util.HashMap$Node[]"), Origin::Jdk);
        assert_eq!(origin_of_name("int[][]"), Origin::Jdk);
        assert_eq!(origin_of_name("javax.servlet.http.HttpServlet"), Origin::Library);
        assert_eq!(origin_of_name("org.apache.poi.xssf.usermodel.XSSFSheet"), Origin::Library);
        assert_eq!(origin_of_name("com.acme.mq.MqRegistry"), Origin::Application);
        assert_eq!(origin_of_name("Main"), Origin::Application);
    }

    #[test]
    fn tells_collections_by_their_names() {
        for name in [
            "com.google.common.collect.RegularImmutableList",
            "org.apache.activemq.artemis.utils.collections.LinkedListImpl$Node",
            "org.springframework.util.ConcurrentReferenceHashMap$Segment",
            "com.zaxxer.hikari.util.ConcurrentBag",
            "io.netty.util.internal.DefaultPriorityQueue",
        ] {
            assert!(is_of_collections(name), "{name}");
        }
        for name in [
            "java.util.HashMap",
            "com.acme.util.TaskList",
            "org.apache.tomcat.util.threads.TaskQueue",
            "org.springframework.util.ConcurrentLruCache",
            "org.apache.activemq.artemis.core.server.impl.QueueImpl",
        ] {
            assert!(!is_of_collections(name), "{name}");
        }
    }
}
