package com.acme.grid;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import fixtures.Scenario;

/** A Hazelcast map without eviction or time-to-live, into which each visit puts a session. */
public final class GridMap implements Scenario {
    @Override
    public void run(Size size) {
        Config config = new Config();
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "none");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        HazelcastInstance grid = Hazelcast.newHazelcastInstance(config);
        IMap<String, byte[]> sessions = grid.getMap("sessions");
        for (int i = 0; i < size.pick(6_000, 100_000); i++) {
            sessions.set("visitor-" + i, new byte[1_500]);
        }
    }
}
