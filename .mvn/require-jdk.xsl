<?xml version="1.0" encoding="UTF-8"?>
<!-- Turns the list of this machine's JDKs into an Enforcer rule: Maven may run on 17 if one of them is 21 or newer. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:t="http://maven.apache.org/TOOLCHAINS/1.1.0" exclude-result-prefixes="t">
  <xsl:output indent="yes"/>
  <xsl:template match="/">
    <enforcer>
      <rules>
        <requireJavaVersion>
          <xsl:choose>
            <xsl:when test="//t:provides/t:version[number(substring-before(concat(., '.'), '.')) &gt;= 21]">
              <version>[17,)</version>
            </xsl:when>
            <xsl:otherwise>
              <version>[21,)</version>
              <message>Postern needs a JDK 21 or newer, and this machine has none: please install one (any vendor will do).</message>
            </xsl:otherwise>
          </xsl:choose>
        </requireJavaVersion>
      </rules>
    </enforcer>
  </xsl:template>
</xsl:stylesheet>
