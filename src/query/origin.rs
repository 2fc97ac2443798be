//! Whose code a class is: the JDK's, a known library's, or the application's own.
//!
//! Owns the lists of package prefixes. They decide nothing but which of several fields on a path is shown as the holder: the one
//! that the reader of the report can go and change.

use crate::ix::ClassIx;
use crate::snapshot::Heap;

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
    "akka.",
    "antlr.",
    "brave.",
    "ch.qos.logback.",
    "com.alibaba.csp.",
    "com.alibaba.druid.",
    "com.alibaba.excel.",
    "com.alibaba.fastjson",
    "com.alibaba.nacos.",
    "com.alibaba.ttl.",
    "com.amazonaws.",
    "com.baomidou.",
    "com.codahale.",
    "com.couchbase.",
    "com.datastax.",
    "com.esotericsoftware.",
    "com.fasterxml.",
    "com.github.benmanes.",
    "com.github.luben.",
    "com.google.common.",
    "com.google.gson.",
    "com.google.inject.",
    "com.google.protobuf.",
    "com.google.cloud.",
    "com.hazelcast.",
    "com.itextpdf.",
    "com.jcraft.",
    "com.lmax.",
    "com.lowagie.",
    "com.mchange.",
    "com.microsoft.",
    "com.mongodb.",
    "com.mysql.",
    "com.netflix.",
    "com.ning.",
    "com.oracle.",
    "com.orbitz.",
    "com.rabbitmq.",
    "com.squareup.",
    "com.thoughtworks.xstream.",
    "com.typesafe.",
    "com.vaadin.",
    "com.zaxxer.",
    "cn.hutool.",
    "edu.emory.mathcs.",
    "feign.",
    "freemarker.",
    "gnu.",
    "graphql.",
    "groovy.",
    "groovyx.",
    "io.airlift.",
    "io.dropwizard.",
    "io.fabric8.",
    "io.grpc.",
    "io.jsonwebtoken.",
    "io.kubernetes.",
    "io.lettuce.",
    "io.micrometer.",
    "io.micronaut.",
    "io.netty.",
    "io.opencensus.",
    "io.opentelemetry.",
    "io.opentracing.",
    "io.projectreactor.",
    "io.prometheus.",
    "io.quarkus.",
    "io.r2dbc.",
    "io.reactivex.",
    "io.smallrye.",
    "io.swagger.",
    "io.undertow.",
    "io.vertx.",
    "io.zipkin.",
    "jakarta.",
    "javassist.",
    "javax.",
    "junit.",
    "kotlin.",
    "kotlinx.",
    "liquibase.",
    "lombok.",
    "net.bytebuddy.",
    "net.jodah.",
    "net.jpountz.",
    "net.sf.",
    "net.logstash.",
    "nonapi.",
    "net.sourceforge.",
    "ognl.",
    "okhttp3.",
    "okio.",
    "oracle.",
    "org.activiti.",
    "org.antlr.",
    "org.apache.",
    "org.aspectj.",
    "org.assertj.",
    "org.bouncycastle.",
    "org.bson.",
    "org.camunda.",
    "org.codehaus.",
    "org.conscrypt.",
    "org.dom4j.",
    "org.eclipse.",
    "org.ehcache.",
    "org.elasticsearch.",
    "org.fusesource.",
    "org.flywaydb.",
    "org.freemarker.",
    "org.glassfish.",
    "org.gradle.",
    "org.graalvm.",
    "org.h2.",
    "org.hamcrest.",
    "org.hdrhistogram.",
    "org.hibernate.",
    "org.hsqldb.",
    "org.infinispan.",
    "org.jasypt.",
    "org.javassist.",
    "org.jboss.",
    "org.jctools.",
    "org.jdbi.",
    "org.jdom",
    "org.joda.",
    "org.jooq.",
    "org.json.",
    "org.jsoup.",
    "org.jvnet.",
    "org.keycloak.",
    "org.kie.",
    "org.knowm.",
    "org.mariadb.",
    "org.mockito.",
    "org.mongodb.",
    "org.mortbay.",
    "org.mozilla.",
    "org.mvel2.",
    "org.mybatis.",
    "org.neo4j.",
    "org.objectweb.",
    "org.objenesis.",
    "org.openxmlformats.",
    "org.openqa.",
    "org.opensaml.",
    "org.osgi.",
    "org.ow2.",
    "org.postgresql.",
    "org.quartz.",
    "org.reactivestreams.",
    "org.redisson.",
    "org.reflections.",
    "org.rocksdb.",
    "org.scala",
    "org.simpleframework.",
    "org.slf4j.",
    "org.snakeyaml.",
    "org.sonatype.",
    "org.springframework.",
    "org.testcontainers.",
    "org.thymeleaf.",
    "org.tukaani.",
    "org.wildfly.",
    "org.xerial.",
    "org.xnio.",
    "org.yaml.",
    "play.",
    "reactor.",
    "redis.clients.",
    "retrofit2.",
    "rx.",
    "scala.",
    "schemaorg_apache_xmlbeans.",
    "software.amazon.",
    "springfox.",
    "tech.ydb.",
    "zipkin2.",
];

/// Whose code a class of that name is. Arrays count to their elements; arrays of primitives to the JDK.
pub fn origin_of_name(name: &str) -> Origin {
    let element = name.trim_end_matches("[]");
    let is_primitive =
        || matches!(element, "boolean" | "byte" | "char" | "short" | "int" | "long" | "float" | "double");
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| element.starts_with(prefix));
    if begins(JDK) || (element.len() != name.len() && is_primitive()) {
        Origin::Jdk
    } else if begins(LIBRARIES) || element.starts_with("$Proxy") {
        Origin::Library
    } else {
        Origin::Application
    }
}

/// Whose code a class is. Code that the boot loader has loaded is the JDK's, whatever its name.
pub fn origin_of(heap: &Heap, class: ClassIx) -> Origin {
    let class = heap.classes().get(class);
    let origin = origin_of_name(&class.name);
    // Agents and `-Xbootclasspath/a` put libraries there too, but no application's own code.
    if origin == Origin::Application && class.loader_id.is_null() && class.described && !class.is_array() {
        let default_package = !class.name.contains('.');
        return if default_package { Origin::Application } else { Origin::Library };
    }
    origin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_whose_code_it_is() {
        assert_eq!(origin_of_name("java.util.HashMap$Node[]"), Origin::Jdk);
        assert_eq!(origin_of_name("int[][]"), Origin::Jdk);
        assert_eq!(origin_of_name("javax.servlet.http.HttpServlet"), Origin::Library);
        assert_eq!(origin_of_name("org.apache.poi.xssf.usermodel.XSSFSheet"), Origin::Library);
        assert_eq!(origin_of_name("com.acme.mq.MqRegistry"), Origin::Application);
        assert_eq!(origin_of_name("Main"), Origin::Application);
    }
}
