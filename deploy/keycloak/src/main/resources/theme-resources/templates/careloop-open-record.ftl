<#import "template.ftl" as layout>
<@layout.registrationLayout displayMessage=false; section>
  <#if section = "header">
    Open a record
  <#elseif section = "form">
    <form action="${url.loginAction}" method="post">
      <p>The application asks whose record to open.</p>
      <#if problem?has_content><p role="alert">${problem}</p></#if>
      <label for="patient" class="${properties.kcLabelClass!}">Id of the Patient</label>
      <input id="patient" name="patient" type="text" maxlength="64" autofocus autocomplete="off" class="${properties.kcInputClass!}"/>
      <input type="submit" value="Open" class="${properties.kcButtonClass!} ${properties.kcButtonPrimaryClass!} ${properties.kcButtonBlockClass!}"/>
    </form>
  </#if>
</@layout.registrationLayout>
